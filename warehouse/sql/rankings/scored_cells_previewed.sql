-- on: previewed_scores
-- inline
select source, cell, is_variant
from scored_cells
where valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
union all
select source, cell, false
from previewed_scores
