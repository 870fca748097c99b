-- on: columns, task_scores, task_type_scores, subset_scores
select
    tasks.benchmark, tasks.model, tasks.variant, tasks.scored, size.tasks as expected,
    case when tasks.scored = size.tasks then tasks.mean end as mean_task,
    tasks.mean as mean_scored,
    case when tasks.public_scored = size.public_tasks then tasks.public_mean end as mean_public,
    case when tasks.private_scored = size.private_tasks then tasks.private_mean end as mean_private,
    case when types.scored = size.types then types.mean end as mean_task_type,
    case when subsets.scored = subsets.subsets then subsets.mean end as mean_subset,
    tasks.trained_on_tasks
from (
    select
        task_scores.benchmark, task_scores.model, task_scores.variant,
        count(task_scores.value) as scored,
        avg(task_scores.value) as mean,
        count(case when columns.is_public then task_scores.value end) as public_scored,
        avg(case when columns.is_public then task_scores.value end) as public_mean,
        count(case when not columns.is_public then task_scores.value end) as private_scored,
        avg(case when not columns.is_public then task_scores.value end) as private_mean,
        list(columns.task::varchar order by columns.place) filter (where task_scores.trained_on) as trained_on_tasks
    from task_scores
    join columns on columns.benchmark = task_scores.benchmark and columns.task = task_scores.task
    group by task_scores.benchmark, task_scores.model, task_scores.variant
) as tasks
join (
    select
        benchmark, sum(tasks) as tasks, sum(public_tasks) as public_tasks, sum(private_tasks) as private_tasks,
        count(type) as types
    from (
        select
            benchmark, type, count(*) as tasks, count(case when is_public then 1 end) as public_tasks,
            count(case when not is_public then 1 end) as private_tasks
        from columns
        group by benchmark, type
    ) as kinds
    group by benchmark
) as size on size.benchmark = tasks.benchmark
left join (
    select benchmark, model, variant, count(value) as scored, avg(value) as mean
    from task_type_scores
    group by benchmark, model, variant
) as types
    on types.benchmark = tasks.benchmark and types.model = tasks.model and types.variant is not distinct from tasks.variant
left join (
    select benchmark, model, variant, count(*) as subsets, count(value) as scored, avg(value) as mean
    from subset_scores
    group by benchmark, model, variant
) as subsets
    on subsets.benchmark = tasks.benchmark and subsets.model = tasks.model
    and subsets.variant is not distinct from tasks.variant
