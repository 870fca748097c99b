select
    exists(
        select task
        from task_rules
        where task = $task and source = $source and lower_is_better
            and valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    ) as lower_is_better,
    exists(
        select held.task
        from benchmark_tasks as held
        join benchmark_rules as board on board.benchmark = held.benchmark and board.source = held.source
        where held.task = $task and held.source = $source and board.ranks_variants
            and held.valid_from <= $at::timestamptz and (held.valid_to is null or held.valid_to > $at::timestamptz)
            and board.valid_from <= $at::timestamptz and (board.valid_to is null or board.valid_to > $at::timestamptz)
    ) as ranks_variants
