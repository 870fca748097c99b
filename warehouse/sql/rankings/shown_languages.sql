-- on: board_languages
select language from board_languages order by benchmark, place
