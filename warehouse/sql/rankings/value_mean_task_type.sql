-- on: means, board_sizes
-- inline
select
    means.benchmark, means.entry, means.mean_task_type as value,
    case when sizes.lower_is_better then -means.mean_task_type else means.mean_task_type end as directed
from means
join board_sizes as sizes on sizes.benchmark = means.benchmark
