-- on: cell_scores
select subsets.benchmark, subsets.task, subsets.subsets * splits.splits as required, splits.splits
from (
    select benchmark, task, count(*) as subsets
    from (
        select benchmark, task, subset from cell_scores where value is not null group by benchmark, task, subset
    ) as seen
    group by benchmark, task
) as subsets
join (
    select benchmark, task, count(*) as splits
    from (
        select benchmark, task, split from cell_scores where value is not null group by benchmark, task, split
    ) as seen
    group by benchmark, task
) as splits on splits.benchmark = subsets.benchmark and splits.task = subsets.task
