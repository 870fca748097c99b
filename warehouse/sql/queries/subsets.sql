-- The subsets of one task, with the capability labels they carried at a time.
select task_subsets.subset, task_subsets.languages, task_subsets.place, coalesce(labels.labels, []) as labels
from task_subsets
left join (
    select subset, list(label order by label) as labels
    from capabilities
    where task = $task and valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
    group by subset
) as labels on labels.subset::varchar = task_subsets.subset
where task_subsets.task = $task
