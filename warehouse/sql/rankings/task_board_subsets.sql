-- on: task_board_parts
select parts.subset, row_number() over (order by known.place nulls last, parts.subset) as place
from (select subset from task_board_parts group by subset) as parts
left join task_subsets as known on known.task = $task and known.subset = parts.subset
