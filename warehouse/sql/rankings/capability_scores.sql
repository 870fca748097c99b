-- on: board, entities, ranked, capability_labels, scores_at
select
    entities.benchmark, entities.model, entities.variant, labels.label, labels.name, labels.expected,
    coalesce(held.scored, 0) as scored, case when held.scored = labels.expected then held.mean end as value
from entities
join ranked on ranked.entry = entities.entry
join (
    select benchmark, label, min(name) as name, count(*) as expected from capability_labels group by benchmark, label
) as labels on labels.benchmark = entities.benchmark
left join (
    select
        pairs.benchmark, pairs.model, pairs.variant, pairs.label, count(pairs.value) as scored,
        avg(pairs.value order by pairs.task, pairs.subset) as mean
    from (
        select
            labels.benchmark, labels.label, labels.task, labels.subset, scores_at.model, scores_at.variant,
            avg(scores_at.value) as value
        from capability_labels as labels
        join board on board.benchmark = labels.benchmark
        join cells as known on known.task = labels.task and known.subset = labels.subset
        join scores_at on scores_at.cell = known.cell and scores_at.source = board.source
        group by labels.benchmark, labels.label, labels.task, labels.subset, scores_at.model, scores_at.variant
    ) as pairs
    group by pairs.benchmark, pairs.model, pairs.variant, pairs.label
) as held
    on held.benchmark = entities.benchmark and held.model = entities.model
    and held.variant is not distinct from entities.variant and held.label = labels.label
