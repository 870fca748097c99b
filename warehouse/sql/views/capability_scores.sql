-- Each model's mean over all subsets that carry a capability label; null while one of them is missing.
with pairs as (
    select label, min(name) as name, count(*) as expected from capabilities where valid_to is null group by label
),
held as (
    select scores.model, capabilities.label, count(scores.value) as scored, avg(scores.value) as mean
    from (
        select model, variant, cell, value, source from scores where valid_to is null
        union all
        select model, variant, cell, value, counts_for from guest_scores where counts_to is null
    ) as scores
    join cells on cells.cell = scores.cell
    join capabilities
        on capabilities.task = cells.task and capabilities.subset = cells.subset and capabilities.source = scores.source
    where capabilities.valid_to is null and scores.variant is null
    group by scores.model, capabilities.label
)
select
    held.model::varchar as model, pairs.label, pairs.name, case when held.scored = pairs.expected then held.mean end as value,
    held.scored, pairs.expected
from held
join pairs on pairs.label = held.label
