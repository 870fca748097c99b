-- on: task_board_rule
-- inline
select
    scores.*, rule.lower_is_better,
    case when rule.lower_is_better then -scores.value else scores.value end as directed
from scores
join task_board_rule as rule on scores.variant is null or rule.ranks_variants
where scores.task = $task and scores.value is not null
    and ($subsets::varchar[] is null or list_contains($subsets::varchar[], scores.subset::varchar))
    and ($splits::varchar[] is null or list_contains($splits::varchar[], scores.split::varchar))
    and (
        (
            scores.source = $source and scores.status is null
            and scores.valid_from <= $at::timestamptz and (scores.valid_to is null or scores.valid_to > $at::timestamptz)
        )
        or scores.seq in (
            select seq
            from guest_scores
            where counts_for = $source
                and counts_from <= $at::timestamptz and (counts_to is null or counts_to > $at::timestamptz)
        )
    )
