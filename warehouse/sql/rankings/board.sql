select
    benchmark, source, default_method, aggregations, public_tasks_only, ranks_variants,
    default_method = 'MEAN_SCORED' as keeps_gaps
from benchmark_rules
where list_contains($benchmarks, benchmark::varchar)
    and valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
