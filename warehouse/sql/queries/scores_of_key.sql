-- The scores of one key, pending ones too, of whatever time.
select *
from (from scores union all from pending_scores) as known
where task = $task
    and source::varchar is not distinct from $source
    and source_model::varchar is not distinct from $source_model
    and model_revision::varchar is not distinct from $model_revision
    and variant::varchar is not distinct from $variant
    and split::varchar is not distinct from $split
    and subset::varchar is not distinct from $subset
    and metric::varchar is not distinct from $metric
    and occurrence::varchar is not distinct from $occurrence
