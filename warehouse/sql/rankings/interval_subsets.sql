-- on: ordered, columns, subset_scores, board_sizes
select
    ordered.benchmark, ordered.entry, ordered.model, ordered.variant, columns.place, 0 as stratum,
    count(*)::double as weight,
    avg(case when sizes.lower_is_better then -scores.value else scores.value end order by scores.subset) as value
from ordered
join board_sizes as sizes on sizes.benchmark = ordered.benchmark
join subset_scores as scores
    on scores.benchmark = ordered.benchmark and scores.model = ordered.model
    and scores.variant is not distinct from ordered.variant
join columns on columns.benchmark = scores.benchmark and columns.task = scores.task
where ordered.directed is not null
group by ordered.benchmark, ordered.entry, ordered.model, ordered.variant, columns.place
