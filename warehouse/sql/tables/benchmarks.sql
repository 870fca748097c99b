-- Every board, by the first source that declares it, with what follows from its tasks.
with chosen as (
    select origin_benchmarks.*, sources.precedence
    from origin_benchmarks
    left join precedence as sources on sources.source = origin_benchmarks.source
    qualify row_number() over (partition by origin_benchmarks.name order by coalesce(sources.precedence, 9)) = 1
),
declared as (
    select known_benchmark_tasks.benchmark, tasks.*, known_benchmark_tasks.languages as board_languages
    from known_benchmark_tasks
    join chosen on chosen.name = known_benchmark_tasks.benchmark and chosen.source = known_benchmark_tasks.source
    join tasks on tasks.name = known_benchmark_tasks.task
    where known_benchmark_tasks.valid_to is null
),
spoken as (
    select benchmark, list_sort(list_distinct(flatten(list(task_subsets.languages)))) as languages
    from (
        select known_benchmark_tasks.benchmark, task, unnest(subsets) as subset
        from known_benchmark_tasks
        join chosen on chosen.name = known_benchmark_tasks.benchmark and chosen.source = known_benchmark_tasks.source
        where chosen.language_view = ['all'] and known_benchmark_tasks.valid_to is null
    ) as cells
    join task_subsets on task_subsets.task = cells.task and task_subsets.subset = cells.subset
    group by benchmark
),
followed as (
    select
        benchmark, count(*) as task_count,
        list_sort(list_distinct(flatten(list(coalesce(board_languages, []))))) as languages,
        list_sort(list_distinct(list(type))) as task_types,
        list_sort(list_distinct(list(simplified_type))) as simplified_task_types,
        list_sort(list_distinct(flatten(list(domains)))) as domains,
        list_sort(list_distinct(flatten(list(modalities)))) as modalities,
        case when count(distinct unit) = 1 and count(unit) = count(*) then min(unit) end as unit
    from declared
    group by benchmark
)
select
    chosen.name, chosen.source, chosen.display_name, coalesce(chosen.aliases, []) as aliases, chosen.icon,
    chosen.description, chosen.url, chosen.citation, coalesce(chosen.in_menu, false) as in_menu,
    coalesce(followed.languages, []) as languages, case when chosen.language_view = ['all'] then spoken.languages else chosen.language_view end as language_view,
    coalesce(followed.task_types, []) as task_types,
    coalesce(followed.simplified_task_types, []) as simplified_task_types,
    coalesce(followed.domains, []) as domains, coalesce(followed.modalities, []) as modalities, followed.unit,
    coalesce(chosen.aggregations, []) as aggregations, chosen.default_method,
    coalesce(chosen.show_zero_shot, false) as show_zero_shot, coalesce(chosen.superseded_by, []) as superseded_by,
    coalesce(chosen.public_tasks_only, false) as public_tasks_only,
    coalesce(chosen.ranks_variants, false) as ranks_variants,
    coalesce(followed.task_count, 0) as task_count, 0::bigint as model_count,
    row_number() over (order by coalesce(chosen.precedence, 9), chosen.place, chosen.name) - 1 as place
from chosen
left join followed on followed.benchmark = chosen.name
left join spoken on spoken.benchmark = chosen.name
