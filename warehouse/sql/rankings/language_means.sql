-- on: language_scores, board_languages
-- inline
select scores.benchmark, scores.model, counted.place, avg(scores.value) as value
from language_scores as scores
join (
    select board_languages.benchmark, known.language_set, board_languages.place
    from (select language_set, unnest(languages) as language from language_sets) as known
    join board_languages on board_languages.language = known.language
) as counted on counted.benchmark = scores.benchmark and counted.language_set = scores.language_set
group by scores.benchmark, scores.model, counted.place
