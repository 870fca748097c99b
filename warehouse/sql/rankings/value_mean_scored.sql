-- on: means, board_sizes
-- inline
select
    means.benchmark, means.entry, means.mean_scored as value,
    case when sizes.lower_is_better then -means.mean_scored else means.mean_scored end as directed
from means
join board_sizes as sizes on sizes.benchmark = means.benchmark
