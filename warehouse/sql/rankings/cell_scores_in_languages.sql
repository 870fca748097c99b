-- on: spoken_cells, all_scores_at
-- inline
select
    spoken.benchmark, spoken.subset, spoken.split, scores.task, scores.model, scores.variant, scores.cell, scores.value,
    scores.trained_on, scores.shares_cell
from all_scores_at as scores
-- Joined at once by cell and languages: to look for the languages of every score first takes longer.
join spoken_cells as spoken
    on spoken.cell = scores.cell and spoken.language_set = scores.language_set and spoken.source = scores.source
where scores.variant is null or spoken.ranks_variants
-- No board has so many. A limit keeps scores in their order: without one DuckDB holds back those that match seldom.
limit 1000000000000
