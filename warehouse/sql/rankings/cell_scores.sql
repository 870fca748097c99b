-- on: board, cells
select
    scores.model, scores.variant, scores.task, scores.subset, scores.split, cells.cell, scores.value, scores.trained_on,
    scores.shares_cell
from scores
join cells on cells.task = scores.task and cells.split = scores.split and cells.subset = scores.subset
cross join board
where scores.valid_to is null
    and scores.source = board.source
    and (scores.variant is null or board.ranks_variants)
