-- Every cell that a score or a board has, numbered in the order of its names.
select row_number() over (order by task, split, subset) as cell, task, split, subset
from (
    select task::task_name as task, split::split_name as split, subset::subset_name as subset
    from (select task, split, subset from known_scores group by task, split, subset) as scored
    union
    select task::task_name, split::split_name, unnest(subsets)::subset_name
    from (select task, unnest(splits) as split, subsets from known_benchmark_tasks) as declared
) as known
