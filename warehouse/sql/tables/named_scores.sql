-- Every score of every source, with the canonical model; equal marks are the same run of a model on the same cell.
-- inline
select
    model_aliases.model::model_name as model, cells.cell, language_sets.language_set,
    hash(model_aliases.model, known.variant, known.task, known.split, known.subset) as mark,
    known.* exclude (languages) replace (
        cells.task as task, cells.split as split, cells.subset as subset, known.variant::variant_name as variant,
        known.metric::metric_name as metric, known.source::source_name as source,
        known.source_model::source_model_name as source_model
    )
from known_scores as known
join model_aliases on model_aliases.source = known.source and model_aliases.name = known.source_model
join cells
    on cells.task = known.task::task_name and cells.split = known.split::split_name
    and cells.subset = known.subset::subset_name
left join language_sets on language_sets.languages = known.languages
