-- Every score of every source that waits for no review, with the canonical model, in stored order.
-- on: named_scores
select
    row_number() over () as seq, ordered.* exclude (mark),
    mark in (
        select hash(model_aliases.model, known.variant, known.task, known.split, known.subset) as mark
        from known_scores as known
        join model_aliases on model_aliases.source = known.source and model_aliases.name = known.source_model
        where known.status is distinct from 'PENDING'
        group by mark
        having count(*) > 1
    ) as shares_cell
from (
    select * from named_scores where status is distinct from 'PENDING' order by task, model, place, valid_from
) as ordered
