-- on: asked_languages
-- inline
select source, cell, is_variant
from scored_cells
where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    and language_set in (select language_set from asked_languages)
