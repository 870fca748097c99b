-- on: board_cells, asked_languages
select board_cells.*, known.language_set
from board_cells
join cell_languages as known on known.cell = board_cells.cell and known.source = board_cells.source
where known.language_set in (select language_set from asked_languages)
