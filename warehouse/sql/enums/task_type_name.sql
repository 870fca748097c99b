-- Types of tasks.
select type as value from origin_tasks
union select type from known_task_rules
