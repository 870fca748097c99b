-- on: task_board_rule, task_board_subset_scores, task_board_counted, task_board_splits, asked_models
select
    position, position as rank, model, variant,
    case when lower_is_better then -directed else directed end as value, scored, expected,
    case when len(declared) > 0 then list_contains(declared, $task) end as trained_on
from (
    select
        found.model::varchar as model, found.variant::varchar as variant, found.directed, found.scored, found.expected,
        models.training_datasets as declared, rule.lower_is_better,
        row_number() over (
            order by found.directed desc nulls last, found.model::varchar, found.variant::varchar nulls first
        ) as position
    from (
        select
            means.model, means.variant, means.scored, size.expected,
            case when means.scored = size.expected then means.mean end as directed
        from (
            select model, variant, avg(best) as mean, sum(cells)::bigint as scored
            from task_board_subset_scores
            group by model, variant
        ) as means
        cross join (
            select
                (select count(*) from task_board_counted) * (select count(*) from task_board_splits) as expected
        ) as size
        where means.model::varchar in (select name from asked_models)
    ) as found
    cross join task_board_rule as rule
    left join models on models.name = found.model::varchar
) as placed
order by position
