-- on: task_scores
select benchmark, task from task_scores where even_subsets is null group by benchmark, task
