-- on: board, value_points, value_mean_scored, value_mean_task, value_mean_task_type, value_mean_subset, value_win_rate
-- inline
select found.benchmark, found.entry, found.value, found.directed
from (
    select 'BORDA' as method, benchmark, entry, value, directed from value_points
    union all
    select 'MEAN_SCORED', benchmark, entry, value, directed from value_mean_scored
    union all
    select 'MEAN_TASK', benchmark, entry, value, directed from value_mean_task
    union all
    select 'MEAN_PUBLIC_PRIVATE', benchmark, entry, value, directed from value_mean_task
    union all
    select 'MEAN_TASK_TYPE', benchmark, entry, value, directed from value_mean_task_type
    union all
    select 'MEAN_SUBSET', benchmark, entry, value, directed from value_mean_subset
    union all
    select 'WIN_RATE', benchmark, entry, value, directed from value_win_rate
) as found
join board on board.benchmark = found.benchmark and board.default_method = found.method
