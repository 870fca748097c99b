-- The cells that any model has a value on that counts on boards of the source, and when.
select source, cell, variant is not null as is_variant, language_set, valid_from, valid_to
from scores
where value is not null
group by all
union
select counts_for as source, cell, variant is not null, language_set, counts_from, counts_to
from guest_scores
