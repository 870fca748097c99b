-- How much the tasks of each board list together: splits, subsets and languages that count there.
select
    benchmark::varchar as benchmark,
    sum(len(splits))::bigint as splits,
    sum(len(subsets))::bigint as subsets,
    coalesce(sum(len(languages)), 0)::bigint as languages
from benchmark_tasks
where valid_to is null
group by benchmark
