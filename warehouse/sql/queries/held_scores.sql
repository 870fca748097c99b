-- The tasks on which a plain run of a model has a headline that counts on a source's boards, and whether it is the source's own.
select task::varchar as task, bool_or(is_own) as is_own
from (
    select cell, task, true as is_own
    from scores
    where source = $source and model::varchar = $model and variant is null and value is not null and valid_to is null
    union all
    select cell, task, false
    from guest_scores
    where counts_for = $source and model::varchar = $model and variant is null and counts_to is null
) as held
where cell in (select cell from cells where split = $split and subset = $subset)
group by task
