-- on: columns
select benchmark::varchar as benchmark, task::varchar as task, type::varchar as type, place
from columns
order by benchmark, place
