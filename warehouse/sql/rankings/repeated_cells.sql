-- on: board_cells, scores_at
select cells.benchmark, scores.task, scores.model, scores.variant, count(*) - count(distinct scores.cell) as repeats
from scores_at as scores
join board_cells as cells on cells.cell = scores.cell and cells.source = scores.source
where scores.shares_cell and scores.value is not null and (scores.variant is null or cells.ranks_variants)
group by cells.benchmark, scores.task, scores.model, scores.variant
