-- on: board, declared_tasks, task_scores, candidates
select
    found.benchmark, found.model, training.trained_on is not null as is_declared, listed.place,
    trunc(100 - 100.0 * len(list_intersect(training.trained_on, tasks.tasks)) / len(tasks.tasks))::int as percent
from (select benchmark, model from candidates group by benchmark, model) as found
join board on board.benchmark = found.benchmark
left join (
    select declared_tasks.benchmark, list(declared_tasks.task::varchar) as tasks
    from declared_tasks
    left join (
        select benchmark, task
        from task_scores
        where model in (select model from candidates)
        group by benchmark, task
    ) as scored on scored.benchmark = declared_tasks.benchmark and scored.task = declared_tasks.task
    where declared_tasks.keeps_gaps or scored.task is not null
    group by declared_tasks.benchmark
) as tasks on tasks.benchmark = found.benchmark
left join (
    select model, source, min(place) as place
    from model_training
    where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    group by model, source
) as listed on listed.model = found.model and listed.source = board.source
left join (
    select model, min(trained_on) as trained_on
    from model_training
    where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    group by model
) as training on training.model = found.model
