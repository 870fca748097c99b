-- Every task that any source describes or scores; the row of the first source that describes it.
with described as (
    select origin_tasks.*, sources.precedence
    from origin_tasks
    left join precedence as sources on sources.source = origin_tasks.source
),
chosen as (
    select * exclude (precedence)
    from described
    qualify row_number() over (partition by name order by coalesce(precedence, 9), source) = 1
),
scored as (
    select task::varchar as name, list(source::varchar order by source) as sources
    from (
        select task, source from scores group by task, source
        union
        select task, source from pending_scores where task not in (select task from scores)
    ) as seen
    group by task
),
declared as (
    select task, source, count(*) as subsets
    from origin_task_subsets
    where coalesce(declared, true)
    group by task, source
),
declared_cells as (
    select
        chosen.source::source_name as source, chosen.name::task_name as task,
        try_cast(chosen.split as split_name) as split, subsets.subset::subset_name as subset
    from (select name, source, unnest(splits) as split from chosen) as chosen
    join origin_task_subsets as subsets on subsets.task = chosen.name and subsets.source = chosen.source
    where coalesce(subsets.declared, true)
),
covered as (
    select task, model, count(*) as cells
    from (
        select scores.task, scores.model, scores.cell
        from (
            select task, model, cell, source
            from scores
            where valid_to is null and value is not null and variant is null
            union all
            select task, model, cell, counts_for from guest_scores where counts_to is null and variant is null
        ) as scores
        join cells on cells.cell = scores.cell
        join declared_cells
            on declared_cells.task = cells.task and declared_cells.split = cells.split
            and declared_cells.subset = cells.subset and declared_cells.source = scores.source
        group by scores.task, scores.model, scores.cell
    ) as held
    group by task, model
),
complete as (
    select covered.task::varchar as task, count(*) as models
    from covered
    join chosen on chosen.name = covered.task::varchar
    join declared on declared.task = chosen.name and declared.source = chosen.source
    where covered.cells >= declared.subsets * len(chosen.splits)
    group by covered.task
)
select
    coalesce(chosen.name, scored.name) as name,
    coalesce(scored.sources, [chosen.source]) as sources,
    coalesce(chosen.source, scored.sources[1]) as source,
    coalesce(chosen.display_name, scored.name) as display_name,
    coalesce(chosen.languages, []) as languages,
    coalesce(chosen.domains, []) as domains,
    coalesce(chosen.modalities, []) as modalities,
    coalesce(chosen.dialects, []) as dialects,
    coalesce(chosen.splits, []) as splits,
    coalesce(chosen.lower_is_better, false) as lower_is_better,
    coalesce(chosen.is_public, true) as is_public,
    chosen.* exclude (name, source, display_name, languages, domains, modalities, dialects, splits, lower_is_better, is_public),
    coalesce(complete.models, 0) as model_count,
    coalesce(boards.benchmarks, 0) as benchmark_count
from chosen
full join scored on scored.name = chosen.name
left join complete on complete.task = chosen.name
left join (
    select task, count(distinct benchmark) as benchmarks from known_benchmark_tasks where valid_to is null group by task
) as boards on boards.task = coalesce(chosen.name, scored.name)
