-- on: entries, ranked
select entries.*, sizes.total_models
from entries
join (select benchmark, count(*) as total_models from ranked group by benchmark) as sizes
    on sizes.benchmark = entries.benchmark
where entries.model::varchar = $model
