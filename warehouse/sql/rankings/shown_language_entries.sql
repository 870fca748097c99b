-- on: language_means, board_languages
select
    benchmark::varchar as benchmark, model::varchar as model, list(place) as places, list(value) as held,
    (select count(*) from board_languages) as width
from language_means
group by benchmark, model
