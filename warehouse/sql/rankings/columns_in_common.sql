-- on: declared_tasks, entity_scores, ranked
select
    declared_tasks.benchmark, declared_tasks.task, declared_tasks.type, declared_tasks.is_public,
    declared_tasks.lower_is_better,
    row_number() over (partition by declared_tasks.benchmark order by declared_tasks.place, declared_tasks.task) - 1
        as place
from declared_tasks
join (
    select entity_scores.benchmark, entity_scores.task, count(entity_scores.value) as scored
    from entity_scores
    join ranked on ranked.entry = entity_scores.entry
    group by entity_scores.benchmark, entity_scores.task
) as scored on scored.benchmark = declared_tasks.benchmark and scored.task = declared_tasks.task
join (select benchmark, count(*) as entries from ranked group by benchmark) as size
    on size.benchmark = declared_tasks.benchmark
where scored.scored = size.entries
