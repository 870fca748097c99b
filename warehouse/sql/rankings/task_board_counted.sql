-- on: task_board_subsets
select subsets.subset
from task_board_subsets as subsets
cross join (
    select list(subset) as headlines
    from (
        select unnest(held.subsets) as subset
        from benchmark_tasks as held
        join benchmark_rules as board on board.benchmark = held.benchmark and board.source = held.source
        where held.task = $task and held.source = $source and board.default_method = 'MEAN_SCORED'
            and held.valid_from <= $at::timestamptz and (held.valid_to is null or held.valid_to > $at::timestamptz)
            and board.valid_from <= $at::timestamptz and (board.valid_to is null or board.valid_to > $at::timestamptz)
    ) as declared
    where subset in (select subset from task_board_subsets)
) as declared
where $subsets::varchar[] is not null or declared.headlines is null or list_contains(declared.headlines, subsets.subset)
