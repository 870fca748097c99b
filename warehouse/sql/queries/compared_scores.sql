-- The scores that are compared, each with the unit that its source declares, else that of its task.
-- on: asked_scores
-- inline
select asked_scores.*, coalesce(told.unit, tasks.unit) as unit
from asked_scores
join tasks on tasks.name = asked_scores.task::varchar
left join origin.tasks as told on told.name = asked_scores.task::varchar and told.source = asked_scores.source::varchar
