-- on: columns, task_scores, task_type_scores, subset_scores
select
    tasks.model, tasks.variant, tasks.scored, board_size.tasks as expected,
    case when tasks.scored = board_size.tasks then tasks.mean end as mean_task,
    tasks.mean as mean_scored,
    case when tasks.public_scored = board_size.public_tasks then tasks.public_mean end as mean_public,
    case when tasks.private_scored = board_size.private_tasks then tasks.private_mean end as mean_private,
    case when types.scored = board_size.types then types.mean end as mean_task_type,
    case when subsets.scored = subsets.subsets then subsets.mean end as mean_subset,
    tasks.trained_on_tasks
from (
    select
        task_scores.model, task_scores.variant,
        count(task_scores.value) as scored,
        avg(task_scores.value) as mean,
        count(case when columns.is_public then task_scores.value end) as public_scored,
        avg(case when columns.is_public then task_scores.value end) as public_mean,
        count(case when not columns.is_public then task_scores.value end) as private_scored,
        avg(case when not columns.is_public then task_scores.value end) as private_mean,
        list(columns.task::varchar order by columns.place) filter (where task_scores.trained_on) as trained_on_tasks
    from task_scores
    join columns on columns.task = task_scores.task
    group by task_scores.model, task_scores.variant
) as tasks
left join (
    select model, variant, count(value) as scored, avg(value) as mean
    from task_type_scores
    group by model, variant
) as types on types.model = tasks.model and types.variant is not distinct from tasks.variant
left join (
    select model, variant, count(*) as subsets, count(value) as scored, avg(value) as mean
    from subset_scores
    group by model, variant
) as subsets on subsets.model = tasks.model and subsets.variant is not distinct from tasks.variant
cross join (
    select
        count(*) as tasks, count(case when is_public then 1 end) as public_tasks,
        count(case when not is_public then 1 end) as private_tasks,
        (select count(*) from (select type from columns where type is not null group by type) as kinds) as types
    from columns
) as board_size
