-- Every score of every source, with the canonical model, in stored order.
select row_number() over () as seq, *
from (
    select
        model_aliases.model::model_name as model,
        known_scores.* replace (known_scores.task::task_name as task),
        hash(known_scores.source, model_aliases.model, variant, task, split, subset) in (
            select hash(known_scores.source, model_aliases.model, variant, task, split, subset) as cell
            from known_scores
            join model_aliases on model_aliases.source = known_scores.source and model_aliases.name = known_scores.source_model
            group by cell having count(*) > 1
        ) as shares_cell
    from known_scores
    join model_aliases on model_aliases.source = known_scores.source and model_aliases.name = known_scores.source_model
    order by known_scores.task::task_name, model_aliases.model::model_name, known_scores.place, known_scores.valid_from
) as ordered
