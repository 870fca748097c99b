-- on: task_board_scores, task_board_subsets, task_board_splits
select scores.*, subsets.place as subset_place, splits.place as split_place
from task_board_scores as scores
join task_board_subsets as subsets on subsets.subset = scores.subset::varchar
join task_board_splits as splits on splits.split = scores.split::varchar
where not scores.shares_cell
    or scores.seq in (
        select seq
        from (
            select
                seq, row_number() over (partition by model, variant, cell order by directed desc, seq) as place
            from task_board_scores
            where shares_cell
        ) as repeated
        where place = 1
    )
