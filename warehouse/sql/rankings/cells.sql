select cells.task, cells.split, cells.subset, cells.place, cells.cell
from benchmark_cells as cells
where cells.benchmark = $benchmark and cells.valid_to is null
