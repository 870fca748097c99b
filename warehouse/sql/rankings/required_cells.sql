-- on: board_cells, scored_cells_at
select benchmark, task, count(distinct subset) * count(distinct split) as required, count(distinct split) as splits
from (
    select board_cells.benchmark, board_cells.task, board_cells.subset, board_cells.split
    from board_cells
    join scored_cells_at as seen on seen.cell = board_cells.cell and seen.source = board_cells.source
    where not seen.is_variant or board_cells.ranks_variants
    group by board_cells.benchmark, board_cells.task, board_cells.subset, board_cells.split
) as seen
group by benchmark, task
