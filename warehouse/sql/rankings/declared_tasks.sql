-- on: board, board_cells, asked_tasks
select
    declared.benchmark, declared.task, declared.place, rules.type, coalesce(rules.is_public, true) as is_public,
    coalesce(rules.lower_is_better, false) as lower_is_better, board.keeps_gaps
from (select benchmark, task, min(place) as place from board_cells group by benchmark, task) as declared
join board on board.benchmark = declared.benchmark
left join task_rules as rules
    on rules.task = declared.task and rules.source = board.source
    and rules.valid_from <= $at::timestamptz and (rules.valid_to is null or rules.valid_to > $at::timestamptz)
where declared.task::varchar in (select name from asked_tasks)
    and (coalesce(rules.is_public, true) or not board.public_tasks_only)
