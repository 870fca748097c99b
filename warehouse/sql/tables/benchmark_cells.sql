-- Each declared cell of each board, numbered.
select
    row_number() over (order by benchmark, place, split, subset, valid_from) as cell,
    benchmark, task, split, subset, place, valid_from, valid_to
from (
    select benchmark, task, split, unnest(subsets) as subset, place, valid_from, valid_to
    from (
        select benchmark, task, unnest(splits) as split, subsets, place, valid_from, valid_to
        from benchmark_tasks
    ) as by_split
) as cells
