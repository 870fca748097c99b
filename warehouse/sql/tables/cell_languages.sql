-- The lists of languages that scores on each cell have, for the source on whose boards they count.
select source, cell, language_set
from scores
where language_set is not null
group by source, cell, language_set
union
select counts_for as source, cell, language_set from guest_scores where language_set is not null
