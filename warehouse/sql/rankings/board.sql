select
    name as benchmark, default_method as method, public_tasks_only, ranks_variants, aggregations, source,
    case
        when default_method in ('BORDA', 'MEAN_SUBSET') then 'BORDA'
        when ranks_variants then 'COMPETITION'
        else 'POSITION'
    end as rank_rule
from benchmarks
where list_contains($benchmarks, name)
