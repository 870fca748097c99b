-- Scores as their sources give them.
select scores.* exclude (seq, model, language_set, cell, shares_cell), language_sets.languages
from (from main.scores union all from main.pending_scores) as scores
left join main.language_sets on language_sets.language_set = scores.language_set
