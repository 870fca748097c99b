-- on: board, entries, ranked
select entries.benchmark::varchar as benchmark, entries.rank, sizes.total_models as total, entries.value
from entries
join board on board.benchmark = entries.benchmark and board.source = $previewed_for
join (select benchmark, count(*) as total_models from ranked group by benchmark) as sizes
    on sizes.benchmark = entries.benchmark
where entries.model::varchar = $previewed_model and entries.variant is null
