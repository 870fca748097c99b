-- on: task_scores, ranked, votes, columns
select
    scored.model, scored.variant, coalesce(voted.points, 0) as points,
    rank() over (order by coalesce(voted.points, 0) desc) as rank
from (select model, variant from task_scores group by model, variant) as scored
left join (
    select model, variant, sum(models - place - (ties - 1) / 2.0) as points
    from (
        select
            votes.model, votes.variant, counted.models,
            rank() over (
                partition by votes.task, votes.subset
                order by case when columns.lower_is_better then -votes.value else votes.value end desc
            ) as place,
            count(*) over (partition by votes.task, votes.subset, votes.value) as ties
        from votes
        join columns on columns.task = votes.task
        cross join (select count(*) as models from ranked) as counted
    ) as placed
    group by model, variant
) as voted on voted.model = scored.model and voted.variant is not distinct from scored.variant
