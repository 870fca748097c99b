-- The scores on the tasks of one board as of a time, cell by cell, those of cells it does not declare included.
select
    $benchmark as benchmark, scores.*
from scores
where scores.source = $source and scores.value is not null
    and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
    and scores.task in (
        select task
        from benchmark_tasks
        where benchmark = $benchmark
            and valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
    )
