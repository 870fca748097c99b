-- on: board_cells, asked_models
select board_cells.benchmark, scores.model, scores.language_set, scores.value
from scores
join board_cells on board_cells.cell = scores.cell and board_cells.source = scores.source
where scores.variant is null and scores.value is not null and scores.model::varchar in (select name from asked_models)
    and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
