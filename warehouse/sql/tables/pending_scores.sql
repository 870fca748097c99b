-- Scores that wait for review, in stored order, numbered after the last of scores.
-- on: named_scores
select
    (select coalesce(max(seq), 0) from scores) + row_number() over () as seq, ordered.* exclude (mark),
    mark in (
        select hash(model_aliases.model, known.variant, known.task, known.split, known.subset) as mark
        from known_scores as known
        join model_aliases on model_aliases.source = known.source and model_aliases.name = known.source_model
        group by mark
        having count(*) > 1
    ) as shares_cell
from (select * from named_scores where status = 'PENDING' order by task, model, place, valid_from) as ordered
