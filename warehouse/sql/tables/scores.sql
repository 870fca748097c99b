-- Every score of every source, with the canonical model, in stored order.
with named as (
    select
        model_aliases.model::model_name as model, cells.cell, language_sets.language_set,
        known_scores.* exclude (languages) replace (cells.task as task, known_scores.variant::variant_name as variant)
    from known_scores
    join model_aliases on model_aliases.source = known_scores.source and model_aliases.name = known_scores.source_model
    join cells
        on cells.task = known_scores.task::task_name and cells.split = known_scores.split::split_name
        and cells.subset = known_scores.subset::subset_name
    left join language_sets on language_sets.languages = known_scores.languages
),
shared as (
    select hash(model, variant, cell) as mark from named group by mark having count(*) > 1
)
select
    row_number() over () as seq, named.*, hash(model, variant, cell) in (select mark from shared) as shares_cell
from (select * from named order by task, model, place, valid_from) as named
