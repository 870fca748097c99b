-- EASI's models as its newest version has them, each with its benchmarks' scores and those on their parts, in the file's order.
select
    scores.source_model, described.display_name, described.url, any_value(scores.tool) as backend,
    list({'task': scores.task, 'subset': scores.subset, 'value': scores.value} order by scores.place) as cells
from scores
left join origin.models as described on described.source = 'easi' and described.name = scores.source_model
where scores.source = 'easi' and scores.valid_to is null and scores.variant is null
group by scores.source_model, described.display_name, described.url
order by min(scores.place)
