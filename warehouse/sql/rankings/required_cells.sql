-- on: cell_scores
select subsets.task, subsets.subsets * splits.splits as required, splits.splits
from (
    select task, count(*) as subsets
    from (select task, subset from cell_scores where value is not null group by task, subset) as seen
    group by task
) as subsets
join (
    select task, count(*) as splits
    from (select task, split from cell_scores where value is not null group by task, split) as seen
    group by task
) as splits on splits.task = subsets.task
