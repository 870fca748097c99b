-- The scores on the tasks of one board that differ between two times.
select model, variant, task, subset, split, min(before) as "from", min(after) as "to"
from (
    select
        model::varchar as model, variant::varchar as variant, task::varchar as task, subset::varchar as subset,
        split::varchar as split, metric, source_model, model_revision, occurrence,
        case when valid_from <= $before::timestamptz and (valid_to is null or valid_to > $before::timestamptz) then value end
            as before,
        case when valid_from <= $after::timestamptz and (valid_to is null or valid_to > $after::timestamptz) then value end
            as after
    from (
        select * from scores where source = $source
        union all
        select scores.* replace (guests.counts_from as valid_from, guests.counts_to as valid_to)
        from scores
        join guest_scores as guests on guests.seq = scores.seq
        where guests.counts_for = $source
    ) as counted
    where task in (select task from benchmark_tasks where benchmark = $benchmark)
        and (valid_from <= $before::timestamptz and (valid_to is null or valid_to > $before::timestamptz))
            <> (valid_from <= $after::timestamptz and (valid_to is null or valid_to > $after::timestamptz))
) as differing
group by model, variant, task, subset, split, metric, source_model, model_revision, occurrence
having min(before) is distinct from min(after)
