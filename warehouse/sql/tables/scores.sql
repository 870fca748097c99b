-- Every score of every source, with the canonical model, in stored order.
with named as (
    select
        model_aliases.model::model_name as model,
        known_scores.* replace (known_scores.task::task_name as task),
        hash(known_scores.source, model_aliases.model, variant, task, split, subset) as cell
    from known_scores
    join model_aliases on model_aliases.source = known_scores.source and model_aliases.name = known_scores.source_model
)
select row_number() over () as seq, *
from (
    select * exclude (cell), cell in (select cell from named group by cell having count(*) > 1) as shares_cell
    from named
    order by task, model, place, valid_from
) as ordered
