-- on: task_board_rule
select known.subset::varchar as subset, known.split::varchar as split
from scored_cells as seen
join cells as known on known.cell = seen.cell
join task_board_rule as rule on not seen.is_variant or rule.ranks_variants
where known.task = $task and seen.source = $source
    and seen.valid_from <= $at::timestamptz and (seen.valid_to is null or seen.valid_to > $at::timestamptz)
    and ($subsets::varchar[] is null or list_contains($subsets::varchar[], known.subset::varchar))
    and ($splits::varchar[] is null or list_contains($splits::varchar[], known.split::varchar))
group by known.subset, known.split
