-- on: board, columns
select columns.benchmark, labels.label, labels.name, labels.task, labels.subset
from capabilities as labels
join board on board.source = labels.source
join columns on columns.benchmark = board.benchmark and columns.task = labels.task
where labels.valid_from <= $at::timestamptz and (labels.valid_to is null or labels.valid_to > $at::timestamptz)
