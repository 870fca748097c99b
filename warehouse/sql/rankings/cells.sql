select benchmark::varchar as benchmark, task, split, subset, place, cell
from benchmark_cells
where list_contains($benchmarks, benchmark::varchar) and valid_to is null
