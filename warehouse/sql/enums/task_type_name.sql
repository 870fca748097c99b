-- Types of tasks.
select type as value from origin_tasks
