-- What each model was trained on, as each source says, with the canonical model.
select model_aliases.model, known_model_training.*
from known_model_training
join model_aliases
    on model_aliases.source = known_model_training.source and model_aliases.name = known_model_training.source_model
