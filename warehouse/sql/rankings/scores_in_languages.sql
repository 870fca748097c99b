-- on: all_scores_at, asked_languages
-- inline
select *
from all_scores_at
where language_set in (select language_set from asked_languages)
