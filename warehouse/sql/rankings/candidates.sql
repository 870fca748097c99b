-- on: task_scores, asked_models
select benchmark, model, variant
from (select benchmark, model, variant from task_scores group by benchmark, model, variant) as found
where model::varchar in (select name from asked_models)
