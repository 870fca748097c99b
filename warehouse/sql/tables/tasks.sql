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
    select task as name, list(distinct source order by source) as sources from known_scores group by task
),
declared as (
    select task, count(*) as subsets from origin_task_subsets where coalesce(declared, true) group by task
),
covered as (
    select task, source_model, count(*) as cells
    from (
        select scores.task, scores.source_model, scores.split, scores.subset
        from known_scores as scores
        join chosen on chosen.name = scores.task and chosen.source = scores.source
        join origin_task_subsets as subsets
            on subsets.task = scores.task and subsets.source = scores.source and subsets.subset = scores.subset
        where scores.valid_to is null and scores.value is not null and coalesce(subsets.declared, true)
            and scores.variant is null and list_contains(chosen.splits, scores.split)
        group by scores.task, scores.source_model, scores.split, scores.subset
    ) as cells
    group by task, source_model
),
complete as (
    select covered.task, count(*) as models
    from covered
    join declared on declared.task = covered.task
    join chosen on chosen.name = covered.task
    where covered.cells >= declared.subsets * len(chosen.splits)
    group by covered.task
)
select
    coalesce(chosen.name, scored.name) as name,
    coalesce(scored.sources, [chosen.source]) as sources,
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
