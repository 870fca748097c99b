-- on: board_cells, other_tasks, scores_at
select
    cells.benchmark, cells.task, cells.subset, scores.model, scores.variant, scores.cell, scores.value,
    scores.shares_cell, scores.seq
from scores_at as scores
-- First by task: that leaves out most of the table before any row is read.
join (select task from other_tasks group by task) as few on few.task = scores.task
join (
    select board_cells.*
    from board_cells
    join other_tasks on other_tasks.benchmark = board_cells.benchmark and other_tasks.task = board_cells.task
) as cells on cells.cell = scores.cell and cells.source = scores.source
where scores.variant is null or cells.ranks_variants
