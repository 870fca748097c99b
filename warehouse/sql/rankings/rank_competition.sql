-- on: ordered
-- inline
select
    entry,
    case when directed is not null then rank() over (partition by benchmark order by directed desc nulls last) end as rank
from ordered
