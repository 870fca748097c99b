-- on: entities, columns, subset_scores, board_sizes
-- inline
select
    means.benchmark, means.entry, means.value,
    case when sizes.lower_is_better then -means.value else means.value end as directed
from (
    select
        entities.benchmark, entities.entry,
        case
            when count(subset_scores.value) = count(*)
            then avg(subset_scores.value order by columns.place, subset_scores.subset)
        end as value
    from subset_scores
    join columns on columns.benchmark = subset_scores.benchmark and columns.task = subset_scores.task
    join entities
        on entities.benchmark = subset_scores.benchmark and entities.model = subset_scores.model
        and entities.variant is not distinct from subset_scores.variant
    group by entities.benchmark, entities.entry
) as means
join board_sizes as sizes on sizes.benchmark = means.benchmark
