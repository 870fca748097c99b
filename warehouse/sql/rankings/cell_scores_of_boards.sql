-- on: board_cells, scores_at
-- inline
-- A score is joined once and then given to each board: joined to several, scores come out of their order.
select
    unnest(cells.benchmarks) as benchmark, cells.subset, cells.split, scores_at.task, scores_at.model, scores_at.variant,
    scores_at.cell, scores_at.value, scores_at.trained_on, scores_at.shares_cell
from scores_at
join (
    select cell, source, any_value(subset) as subset, any_value(split) as split, list(benchmark) as benchmarks
    from board_cells
    group by cell, source
) as cells on cells.cell = scores_at.cell and cells.source = scores_at.source
-- No boards have so many. A limit keeps scores in their order: without one DuckDB holds back those that match seldom.
limit 1000000000000
