-- on: entities, columns, subset_means, board_sizes
-- inline
select
    weighed.benchmark, weighed.entry, weighed.mean as value,
    case when sizes.lower_is_better then -weighed.mean else weighed.mean end as directed
from (
    select
        entities.benchmark, entities.entry,
        case
            when count(means.mean) = count(*)
            then sum(means.mean * means.subsets order by columns.place) / sum(means.subsets)
        end as mean
    from subset_means as means
    join columns on columns.benchmark = means.benchmark and columns.task = means.task
    join entities
        on entities.benchmark = means.benchmark and entities.model = means.model
        and entities.variant is not distinct from means.variant
    group by entities.benchmark, entities.entry
) as weighed
join board_sizes as sizes on sizes.benchmark = weighed.benchmark
