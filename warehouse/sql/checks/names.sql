-- Two things of one kind have the same name.
select 'model' as kind, name::varchar as name from models group by name having count(*) > 1
union all select 'task', name::varchar from tasks group by name having count(*) > 1
union all select 'benchmark', name::varchar from benchmarks group by name having count(*) > 1
