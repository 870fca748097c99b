-- Each declared cell of each board, numbered in the order of the boards' tasks.
select row_number() over () as cell, *
from (
    select benchmark, task, split, unnest(subsets) as subset, place, valid_from, valid_to
    from (
        select benchmark, task, unnest(splits) as split, subsets, place, valid_from, valid_to
        from benchmark_tasks
    ) as by_split
) as cells
