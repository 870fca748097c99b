-- on: entity_scores
-- inline
select * from entity_scores
