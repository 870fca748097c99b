-- on: board
select
    board.benchmark, benchmark_cells.cell, benchmark_cells.task, benchmark_cells.subset, benchmark_cells.split,
    benchmark_cells.place, board.source, board.ranks_variants
from benchmark_cells
join board on board.benchmark = benchmark_cells.benchmark
where benchmark_cells.valid_from <= $at::timestamptz
    and (benchmark_cells.valid_to is null or benchmark_cells.valid_to > $at::timestamptz)
