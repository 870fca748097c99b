-- Cells on which sources or revisions of one model say different things, as far as their values are of one unit.
-- on: compared_scores
select
    model, task, split, subset, metric, variant, unit, cell, max(value) - min(value) as spread
from compared_scores
group by model, task, split, subset, metric, variant, unit, cell
having max(value) > min(value)
    and (min(source) <> max(source) or min(coalesce(model_revision, '')) <> max(coalesce(model_revision, '')))
