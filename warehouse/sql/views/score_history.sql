-- Every score ever seen, with the versions between which its source said so.
select
    scores.model::varchar as model, scores.variant::varchar as variant, scores.task::varchar as task, scores.split::varchar as split,
    scores.subset::varchar as subset, scores.metric::varchar as metric, scores.value, scores.source::varchar as source,
    scores.model_revision, first.label as first_version, scores.valid_from, gone.label as gone_version, scores.valid_to
from scores
left join versions as first on first.source = scores.source and first.published_at = scores.valid_from
left join versions as gone on gone.source = scores.source and gone.published_at = scores.valid_to
