-- The subsets and splits of one task: those it declares, and those of the cells of scores and boards.
select 'subsets' as part, subset as name from task_subsets where task = $task
union
select 'subsets' as part, subset::varchar as name from cells where task = $task
union
select 'splits' as part, unnest(splits) as name from tasks where name = $task
union
select 'splits' as part, split::varchar as name from cells where task = $task
