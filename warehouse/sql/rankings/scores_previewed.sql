-- on: previewed_scores
-- inline
select model::varchar as model, variant, task, cell, value, trained_on, shares_cell, source, seq
from scores
where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
union all
select model::varchar, variant, task, cell, value, trained_on, shares_cell, counts_for, seq
from guest_scores
where counts_from <= $at::timestamptz and (counts_to is null or counts_to > $at::timestamptz)
    and (
        variant is not null or model::varchar <> $previewed_model
        or (cell, counts_for) not in (select (cell, source) from previewed_scores)
    )
union all
select $previewed_model, null, task, cell, value, null, false, source, null
from previewed_scores
