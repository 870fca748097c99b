-- How each task counts, as each source says.
select * from known_task_rules
