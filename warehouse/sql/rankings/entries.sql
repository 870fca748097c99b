-- on: ordered, rank_asked
select
    ordered.benchmark, ordered.position, ranks.rank, ordered.model, ordered.variant, ordered.value,
    case when $lenient then ordered.mean_scored else ordered.mean_task end as mean_task,
    case
        when not ordered.shows_task_types then null
        when $lenient then ordered.mean_task_type_scored
        else ordered.mean_task_type
    end as mean_task_type,
    ordered.mean_public, ordered.mean_private, ordered.zero_shot_percent, ordered.scored, ordered.expected,
    ordered.trained_on_tasks
from ordered
join rank_asked as ranks on ranks.entry = ordered.entry
order by ordered.benchmark, ordered.position
