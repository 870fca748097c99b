-- A row's validity is empty, or begins or ends at a time that is no version of its source.
select scores.source::varchar as source, scores.model::varchar as model, scores.task::varchar as task, scores.valid_from, scores.valid_to
from (from scores union all from pending_scores) as scores
where scores.valid_to <= scores.valid_from
    or scores.valid_from not in (select published_at from versions where versions.source = scores.source::varchar)
    or (
        scores.valid_to is not null
        and scores.valid_to not in (select published_at from versions where versions.source = scores.source::varchar)
    )
