-- on: board, entities, rank_points, rank_position, rank_competition
-- inline
select
    entities.entry,
    case
        when board.default_method in ('BORDA', 'MEAN_SUBSET') then points.rank
        when board.ranks_variants then competition.rank
        else position.rank
    end as rank
from entities
join board on board.benchmark = entities.benchmark
join rank_points as points on points.entry = entities.entry
join rank_position as position on position.entry = entities.entry
join rank_competition as competition on competition.entry = entities.entry
