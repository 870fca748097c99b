-- on: all_scores_at, asked_languages
-- inline
select scores.*
from all_scores_at as scores
join asked_languages on asked_languages.language_set = scores.language_set
