-- A task's unit is not one we know.
select name::varchar as task, unit from tasks where unit is not null and unit not in ('FRACTION', 'PERCENT', 'POINTS')
