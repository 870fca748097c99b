-- The subsets of each task, those a source declares before those that only scores have.
select
    task, subset, arg_min(languages, ordinal) as languages, bool_or(declared) as declared,
    row_number() over (partition by task order by min(ordinal), subset) - 1 as place
from (
    select task, subset, languages, place as ordinal, coalesce(declared, true) as declared from origin_task_subsets
    union all
    select task::varchar, subset::varchar, null, 1000000, false
    from (select task, subset from scores union all select task, subset from pending_scores) as scored
    group by task, subset
) as named
group by task, subset
