-- on: board, entities, means, zero_shot, value_asked
select
    entities.benchmark, entities.entry, entities.model, entities.variant, asked.value, asked.directed, means.scored,
    means.expected, means.mean_task, means.mean_scored, means.mean_task_type, means.mean_task_type_scored,
    case when list_contains(board.aggregations, 'public_private') then means.mean_public end as mean_public,
    case when list_contains(board.aggregations, 'public_private') then means.mean_private end as mean_private,
    list_contains(board.aggregations, 'mean_task_type') as shows_task_types,
    zero_shot.percent as zero_shot_percent,
    coalesce(means.trained_on_tasks, case when zero_shot.is_declared then [] end) as trained_on_tasks,
    row_number() over (
        partition by entities.benchmark
        order by
            asked.directed desc nulls last,
            case when list_contains(board.aggregations, 'public_private') then means.mean_public end desc nulls last,
            case when list_contains(board.aggregations, 'public_private') then means.mean_private end desc nulls last,
            zero_shot.place nulls last, entities.model, entities.variant nulls first
    ) as position
from entities
join board on board.benchmark = entities.benchmark
join means on means.entry = entities.entry
left join value_asked as asked on asked.entry = entities.entry
left join zero_shot on zero_shot.benchmark = entities.benchmark and zero_shot.model = entities.model
