-- How much of each board each of its models has.
select
    benchmark::varchar as benchmark, model::varchar as model, variant::varchar as variant, rank, scored, expected, scored = expected as complete
from leaderboard_entries
