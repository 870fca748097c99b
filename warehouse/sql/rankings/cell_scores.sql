-- on: board, cells
select
    cells.benchmark, scores.model, scores.variant, scores.task, scores.subset, scores.split, cells.cell, scores.value,
    scores.trained_on, scores.shares_cell
from scores
join cells on cells.task = scores.task and cells.split = scores.split and cells.subset = scores.subset
join board on board.benchmark = cells.benchmark
where scores.valid_to is null
    and scores.source = board.source
    and (scores.variant is null or board.ranks_variants)
