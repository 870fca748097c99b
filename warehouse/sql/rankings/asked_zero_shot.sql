-- on: zero_shot
-- inline
select benchmark, model, percent from zero_shot
