-- on: cell_scores
select benchmark, model, variant, task, sum(scores - 1) as repeats
from (
    select benchmark, model, variant, task, cell, count(*) as scores
    from cell_scores
    where shares_cell and value is not null
    group by benchmark, model, variant, task, cell
) as shared
group by benchmark, model, variant, task
