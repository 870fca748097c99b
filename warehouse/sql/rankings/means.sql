-- on: ranked, entry_scores, task_type_scores, board_sizes
select
    ranked.benchmark, ranked.entry, coalesce(tasks.scored, 0) as scored, sizes.tasks as expected,
    case when tasks.scored = sizes.tasks then tasks.mean end as mean_task,
    tasks.mean as mean_scored,
    case when tasks.public_scored = sizes.public_tasks then tasks.public_mean end as mean_public,
    case when tasks.private_scored = sizes.private_tasks then tasks.private_mean end as mean_private,
    case when types.scored = sizes.types then types.mean end as mean_task_type,
    types.mean_scored as mean_task_type_scored, tasks.trained_on_tasks
from ranked
join board_sizes as sizes on sizes.benchmark = ranked.benchmark
left join (
    select
        entry,
        count(value) as scored,
        avg(value) as mean,
        count(case when is_public then value end) as public_scored,
        avg(case when is_public then value end) as public_mean,
        count(case when not is_public then value end) as private_scored,
        avg(case when not is_public then value end) as private_mean,
        list(task::varchar) filter (where trained_on) as trained_on_tasks
    from entry_scores
    group by entry
) as tasks on tasks.entry = ranked.entry
left join (
    select entry, count(value) as scored, avg(value) as mean, avg(mean) as mean_scored
    from task_type_scores
    group by entry
) as types on types.entry = ranked.entry
