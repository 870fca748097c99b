-- on: task_board_parts
select parts.split, row_number() over (order by list_position(known.splits, parts.split) nulls last, parts.split) as place
from (select split from task_board_parts group by split) as parts
left join tasks as known on known.name = $task
