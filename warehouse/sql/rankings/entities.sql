-- on: candidates, asked_zero_shot
select
    candidates.benchmark, candidates.model, candidates.variant,
    row_number() over (order by candidates.benchmark, candidates.model, candidates.variant nulls first) as entry
from candidates
join asked_zero_shot
    on asked_zero_shot.benchmark = candidates.benchmark and asked_zero_shot.model = candidates.model
