-- How much each task has: subsets, their languages together, current scores (pending ones too), and runs of models
-- that have one.
select
    tasks.name as task,
    coalesce(listed.subsets, 0) as subsets,
    coalesce(listed.languages, 0) as subset_languages,
    coalesce(scored.scores, 0) as scores,
    coalesce(scored.runs, 0) as runs
from tasks
left join (
    select task, count(*) as subsets, sum(len(languages))::bigint as languages
    from task_subsets
    group by task
) as listed on listed.task = tasks.name
left join (
    select task::varchar as task, sum(scores)::bigint as scores, count(*) as runs
    from (
        select task, count(*) as scores
        from (
            select task, model, variant from scores where valid_to is null
            union all
            select task, model, variant from pending_scores where valid_to is null
        ) as current
        group by task, model, variant
    ) as runs
    group by task
) as scored on scored.task = tasks.name
