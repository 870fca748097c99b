-- The cells that any model has a value on, and when.
select source, cell, variant is not null as is_variant, language_set, valid_from, valid_to
from scores
where value is not null
group by all
