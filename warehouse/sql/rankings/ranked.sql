-- on: entity_scores
select benchmark, entry
from entity_scores
group by benchmark, entry
having bool_or(value is not null or keeps_gaps)
