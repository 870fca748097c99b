-- What tells runs of one model apart.
select variant as value from known_scores
