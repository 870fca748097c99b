-- on: task_board_scores, task_board_counted
select
    model, variant, subset, max(directed) as best,
    count(case when not shares_cell then 1 end) + coalesce(len(list_distinct(list(cell) filter (where shares_cell))), 0)
        as cells
from task_board_scores
where subset::varchar in (select subset from task_board_counted)
group by model, variant, subset
order by model, variant nulls first, subset
