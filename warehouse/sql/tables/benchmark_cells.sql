-- Each declared cell of each board.
select declared.benchmark, declared.task, declared.split, declared.subset, declared.place, cells.cell, valid_from, valid_to
from (
    select benchmark, task, split, unnest(subsets)::subset_name as subset, place, valid_from, valid_to
    from (
        select benchmark, task, unnest(splits)::split_name as split, subsets, place, valid_from, valid_to
        from benchmark_tasks
    ) as by_split
) as declared
join cells on cells.task = declared.task and cells.split = declared.split and cells.subset = declared.subset
