select language_set
from (select language_set, unnest(languages) as language from language_sets) as named
where language in (select unnest($languages::varchar[]))
group by language_set
