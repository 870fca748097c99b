-- on: board_cells
select board_cells.task, board_cells.cell, board_cells.source, given.value
from (select unnest($previewed_tasks::varchar[]) as task, unnest($previewed_values::double[]) as value) as given
join (
    select task, cell, source
    from board_cells
    where source = $previewed_for and split = $previewed_split and subset = $previewed_subset
    group by task, cell, source
) as board_cells on board_cells.task::varchar = given.task
left join (
    select cell, source
    from scores
    where model::varchar = $previewed_model and variant is null and value is not null
        and valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    group by cell, source
) as own on own.cell = board_cells.cell and own.source = board_cells.source
where own.cell is null
