-- Canonical names of models.
select model as value from model_aliases
