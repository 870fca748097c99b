-- Names of metrics.
select metric as value from known_scores
