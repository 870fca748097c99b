-- on: task_scores, ranked, votes
select
    scored.benchmark, scored.model, scored.variant, coalesce(voted.points, 0) as points,
    rank() over (partition by scored.benchmark order by coalesce(voted.points, 0) desc) as rank
from (select benchmark, model, variant from task_scores group by benchmark, model, variant) as scored
left join (
    select benchmark, model, variant, sum(models - place - (ties - 1) / 2.0) as points
    from (
        select
            votes.benchmark, votes.model, votes.variant, counted.models,
            rank() over (
                partition by votes.benchmark, votes.task, votes.subset
                order by case when votes.lower_is_better then -votes.value else votes.value end desc
            ) as place,
            count(*) over (partition by votes.benchmark, votes.task, votes.subset, votes.value) as ties
        from votes
        join (select benchmark, count(*) as models from ranked group by benchmark) as counted
            on counted.benchmark = votes.benchmark
    ) as placed
    group by benchmark, model, variant
) as voted
    on voted.benchmark = scored.benchmark and voted.model = scored.model
    and voted.variant is not distinct from scored.variant
