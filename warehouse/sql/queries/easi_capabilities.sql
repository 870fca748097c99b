-- EASI's capability map as it stands: the labels of each part of a benchmark, those without any among them.
select task, subset, list(label order by place) filter (label is not null) as labels
from origin.capabilities
where source = 'easi' and valid_to is null
group by task, subset
order by min(place)
