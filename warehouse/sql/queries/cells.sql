-- The scores on the tasks of some boards as of a time, cell by cell, those of cells they do not declare included.
with declared as (
    select benchmark_tasks.benchmark::varchar as benchmark, benchmark_tasks.task, benchmark_tasks.source
    from benchmark_tasks
    where list_contains($benchmarks, benchmark_tasks.benchmark::varchar)
        and valid_from <= $at::timestamptz and (valid_to is null or valid_to > $at::timestamptz)
)
select declared.benchmark, scores.*
from scores
join declared on declared.task = scores.task and declared.source = scores.source
where scores.value is not null
    and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
union all
select declared.benchmark, scores.*
from scores
join guest_scores as guests on guests.seq = scores.seq
join declared on declared.task = guests.task and declared.source = guests.counts_for
where guests.counts_from <= $at::timestamptz and (guests.counts_to is null or guests.counts_to > $at::timestamptz)
