-- Two rows say different things of the same run and cell at the same time.
select
    source::varchar as source, source_model::varchar as model, variant, task::varchar as task, split::varchar as split,
    subset::varchar as subset, metric::varchar as metric, occurrence
from (
    select
        *,
        lead(valid_from) over (
            partition by source, source_model, model_revision, variant, task, split, subset, metric, occurrence
            order by valid_from
        ) as next_from
    from (from scores union all from pending_scores) as known
    where shares_cell
) as followed
where next_from is not null and (valid_to is null or valid_to > next_from)
