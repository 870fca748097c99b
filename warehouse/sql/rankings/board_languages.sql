-- on: board_cells
select benchmark, language, row_number() over (partition by benchmark order by language) - 1 as place
from (
    select met.benchmark, known.language
    from (
        select board_cells.benchmark, seen.language_set
        from scored_cells as seen
        join board_cells on board_cells.cell = seen.cell and board_cells.source = seen.source
        where not seen.is_variant
            and seen.valid_from <= $at::timestamptz and (seen.valid_to is null or seen.valid_to > $at::timestamptz)
        group by board_cells.benchmark, seen.language_set
    ) as met
    join (select language_set, unnest(languages) as language from language_sets) as known
        on known.language_set = met.language_set
    where not $lenient or list_contains($languages::varchar[], known.language)
    group by met.benchmark, known.language
) as found
