-- on: ordered, columns, subset_means, board_sizes
select
    ordered.benchmark, ordered.entry, ordered.model, ordered.variant, columns.place, 0 as stratum,
    means.subsets::double as weight, case when sizes.lower_is_better then -means.mean else means.mean end as value
from ordered
join board_sizes as sizes on sizes.benchmark = ordered.benchmark
join subset_means as means
    on means.benchmark = ordered.benchmark and means.model = ordered.model
    and means.variant is not distinct from ordered.variant
join columns on columns.benchmark = means.benchmark and columns.task = means.task
where ordered.directed is not null
