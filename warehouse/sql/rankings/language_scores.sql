-- on: board_cells, asked_models
select board_cells.benchmark, scores.model, scores.language_set, scores.value
from (
    select model, variant, cell, language_set, value, source, valid_from, valid_to from scores
    union all
    select model, variant, cell, language_set, value, counts_for, counts_from, counts_to from guest_scores
) as scores
join board_cells on board_cells.cell = scores.cell and board_cells.source = scores.source
where scores.variant is null and scores.value is not null and scores.model::varchar in (select name from asked_models)
    and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
