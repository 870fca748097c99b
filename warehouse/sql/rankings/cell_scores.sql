-- on: board_cells, scores_at
-- inline
select
    board_cells.benchmark, board_cells.subset, board_cells.split, scores_at.task, scores_at.model, scores_at.variant,
    scores_at.cell, scores_at.value, scores_at.trained_on, scores_at.shares_cell
from scores_at
join board_cells on board_cells.cell = scores_at.cell and board_cells.source = scores_at.source
where scores_at.variant is null or board_cells.ranks_variants
-- No board has so many. A limit keeps scores in their order: without one DuckDB holds back those that match seldom.
limit 1000000000000
