-- The lists of languages that scores have.
select row_number() over (order by languages) as language_set, languages
from (select languages from known_scores where languages is not null group by languages) as known
