-- A leaderboard's positions are not 1, 2, 3, ...
select benchmark::varchar as benchmark, count(*) as entries, max(position) as last
from leaderboard_entries
group by benchmark
having count(*) <> max(position) or min(position) <> 1
