-- on: asked_languages
-- inline
select model, variant, task, cell, value, trained_on, shares_cell, source
from scores
where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    and language_set in (select language_set from asked_languages)
union all
select model, variant, task, cell, value, trained_on, shares_cell, counts_for
from guest_scores
where counts_from <= $at::timestamptz and (counts_to is null or counts_to > $at::timestamptz)
    and language_set in (select language_set from asked_languages)
