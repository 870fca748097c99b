-- Scores that arrived. One that repeats another source's evidence on a board is on the one cell that this declares.
with declared as (
    select boards.source, boards.benchmark, boards.task, boards.splits[1] as split, boards.subsets[1] as subset, tasks.metric
    from known_benchmark_tasks as boards
    left join origin_tasks as tasks on tasks.source = boards.source and tasks.name = boards.task
    where boards.valid_to is null
    qualify count(*) over (partition by boards.source, boards.benchmark) = 1
        and len(boards.splits) = 1 and len(boards.subsets) = 1
)
select
    arrived_scores.* replace (
        coalesce(declared.task, arrived_scores.task) as task,
        coalesce(declared.split, arrived_scores.split) as split,
        coalesce(declared.subset, arrived_scores.subset) as subset,
        coalesce(declared.metric, arrived_scores.metric) as metric
    )
from arrived_scores
left join declared on declared.source = arrived_scores.derived_from and declared.benchmark = arrived_scores.task
order by arrived_scores.place
