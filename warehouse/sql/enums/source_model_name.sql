-- Names of models in their sources.
select source_model as value from known_scores
