-- on: columns, ranked
select
    size.benchmark, size.entries, coalesce(tasks.tasks, 0) as tasks, coalesce(tasks.public_tasks, 0) as public_tasks,
    coalesce(tasks.private_tasks, 0) as private_tasks, coalesce(tasks.types, 0) as types,
    coalesce(tasks.lower_is_better, false) as lower_is_better
from (select benchmark, count(*) as entries from ranked group by benchmark) as size
left join (
    select
        benchmark, sum(tasks)::bigint as tasks, sum(public_tasks)::bigint as public_tasks,
        sum(private_tasks)::bigint as private_tasks,
        count(type) as types, bool_and(lower_is_better) as lower_is_better
    from (
        select
            benchmark, type, count(*) as tasks, count(case when is_public then 1 end) as public_tasks,
            count(case when not is_public then 1 end) as private_tasks, bool_and(lower_is_better) as lower_is_better
        from columns
        group by benchmark, type
    ) as kinds
    group by benchmark
) as tasks on tasks.benchmark = size.benchmark
