-- on: entry_scores, asked_weights, board_sizes
-- inline
select
    weighed.benchmark, weighed.entry, weighed.mean as value,
    case when sizes.lower_is_better then -weighed.mean else weighed.mean end as directed
from (
    select
        scores.benchmark, scores.entry, count(*) as scored,
        sum(scores.value * weights.weight order by scores.place) / sum(weights.weight order by scores.place) as mean
    from entry_scores as scores
    join asked_weights as weights on weights.benchmark = scores.benchmark and weights.task = scores.task::varchar
    where scores.value is not null
    group by scores.benchmark, scores.entry
) as weighed
join board_sizes as sizes on sizes.benchmark = weighed.benchmark
join (select benchmark, count(*) as tasks from asked_weights group by benchmark) as total
    on total.benchmark = weighed.benchmark and total.tasks = weighed.scored
