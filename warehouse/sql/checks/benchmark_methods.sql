-- A benchmark's ranking method is not one we know.
select name::varchar as benchmark, default_method
from benchmarks
where default_method is null
    or default_method not in (
        'BORDA', 'MEAN_TASK', 'MEAN_SCORED', 'MEAN_TASK_TYPE', 'MEAN_PUBLIC_PRIVATE', 'MEAN_SUBSET', 'WIN_RATE'
    )
