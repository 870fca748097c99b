-- on: wins
-- inline
select benchmark, entry, value, value as directed
from (select benchmark, entry, avg(share) as value from wins group by benchmark, entry) as shares
