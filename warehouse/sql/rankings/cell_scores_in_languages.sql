-- on: board, board_cells, asked_languages, all_scores_at
-- inline
select
    board.benchmark, counted.subset, counted.split, counted.task, counted.model, counted.variant, counted.cell,
    counted.value, counted.trained_on, counted.shares_cell
from (
    select
        board_cells.subset, board_cells.split, scores.task, scores.model, scores.variant, scores.cell, scores.value,
        scores.trained_on, scores.shares_cell
    from (select * from all_scores_at where source = (select source from board)) as scores
    join asked_languages on asked_languages.language_set = scores.language_set
    -- By one number alone: a join by two takes ten times as long.
    join board_cells on board_cells.cell = scores.cell
    -- No board has so many. A limit keeps scores in their order: without one DuckDB holds back those that match seldom.
    limit 1000000000000
) as counted
cross join board
