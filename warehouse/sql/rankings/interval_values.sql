-- on: ordered, columns, entry_scores, board_sizes
select
    ordered.benchmark, ordered.entry, ordered.model, ordered.variant, columns.place, 0 as stratum,
    1.0::double as weight, case when sizes.lower_is_better then -scores.value else scores.value end as value
from ordered
join board_sizes as sizes on sizes.benchmark = ordered.benchmark
join entry_scores as scores on scores.entry = ordered.entry
join columns on columns.benchmark = scores.benchmark and columns.task = scores.task
where ordered.directed is not null and scores.value is not null
