-- Every score that is current: what each source says now.
select
    seq, model::varchar as model, variant::varchar as variant, task::varchar as task, split::varchar as split, subset::varchar as subset,
    metric::varchar as metric, value, language_sets.languages, trained_on, verified, source::varchar as source, source_rank, derived_from,
    model_revision, dataset_revision, provenance_name, provenance_path, provenance_url, provenance_revision,
    evaluated_at, tool, submitted_by, pull_request, notes, valid_from
from scores
left join language_sets on language_sets.language_set = scores.language_set
where valid_to is null
