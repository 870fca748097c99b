-- on: board, columns, ranked, points, means
select
    benchmark,
    row_number() over (
        partition by benchmark
        order by
            case when method = 'BORDA' then borda_rank end,
            directed desc nulls last, mean_public desc nulls last, mean_private desc nulls last,
            model_place nulls last, model, variant nulls first
    ) as position,
    case rank_rule
        when 'BORDA' then borda_rank
        when 'COMPETITION' then
            case when value is not null then rank() over (partition by benchmark order by directed desc nulls last) end
        else row_number() over (
            partition by benchmark
            order by
                directed desc nulls last, mean_public desc nulls last, mean_private desc nulls last,
                model_place nulls last, model, variant nulls first
        )
    end as rank,
    model, variant, value, mean_task, mean_task_type, mean_public, mean_private, zero_shot_percent, scored, expected,
    trained_on_tasks
from (
    select
        board.benchmark, board.method, board.rank_rule, means.model, means.variant, models.place as model_place,
        case board.method
            when 'BORDA' then points.points
            when 'MEAN_TASK_TYPE' then means.mean_task_type
            when 'MEAN_SUBSET' then means.mean_subset
            when 'MEAN_SCORED' then means.mean_scored
            else means.mean_task
        end as value,
        case when direction.lower_is_better then -value else value end as directed,
        points.rank as borda_rank,
        means.mean_task,
        case when list_contains(board.aggregations, 'mean_task_type') then means.mean_task_type end as mean_task_type,
        case when list_contains(board.aggregations, 'public_private') then means.mean_public end as mean_public,
        case when list_contains(board.aggregations, 'public_private') then means.mean_private end as mean_private,
        case
            when models.trained_on is not null
            then trunc(100 - 100.0 * len(list_intersect(models.trained_on, direction.tasks)) / len(direction.tasks))::int
        end as zero_shot_percent,
        means.scored, means.expected,
        coalesce(means.trained_on_tasks, case when models.trained_on is not null then [] end) as trained_on_tasks
    from means
    join ranked
        on ranked.benchmark = means.benchmark and ranked.model = means.model
        and ranked.variant is not distinct from means.variant
    join points
        on points.benchmark = means.benchmark and points.model = means.model
        and points.variant is not distinct from means.variant
    join board on board.benchmark = means.benchmark
    join (
        select benchmark, bool_and(lower_is_better) as lower_is_better, list(task::varchar order by place) as tasks
        from columns
        group by benchmark
    ) as direction on direction.benchmark = means.benchmark
    left join models on models.name = means.model
) as scored
order by benchmark, position
