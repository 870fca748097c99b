-- inline
select model, variant, task, cell, value, trained_on, shares_cell, source, language_set, seq
from scores
where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
union all
select model, variant, task, cell, value, trained_on, shares_cell, counts_for, language_set, seq
from guest_scores
where counts_from <= $at::timestamptz and (counts_to is null or counts_to > $at::timestamptz)
