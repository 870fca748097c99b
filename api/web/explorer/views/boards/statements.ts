// The view's rows as statements over the published file.
import { FILTERS, type Choices, type Filter } from './choices.ts';

const CONDITIONS: Record<Filter, string> = {
  source: 'source::varchar = $source',
  language: 'list_contains(languages, $language)',
  type: 'list_contains(task_types, $type)',
  modality: 'list_contains(modalities, $modality)',
};

export function listingSql(choices: Choices): string {
  const conditions = FILTERS.filter((filter) => choices[filter] !== null).map((filter) => CONDITIONS[filter]);
  return [
    'select name::varchar as name, display_name, source::varchar as source, in_menu, task_count, model_count',
    'from benchmarks',
    ...(conditions.length ? [`where ${conditions.join(' and ')}`] : []),
    'order by place',
  ].join('\n');
}

// `$first` things of each kind that have one of `$texts` in their name.
export const FOUND = `select 'board' as kind, name::varchar as name from benchmarks
where exists (select 1 from unnest($texts) as one(text) where contains(lower(benchmarks.name::varchar), lower(text)))
qualify row_number() over (order by name::varchar) <= $first
union all
select 'model', name::varchar from models
where exists (select 1 from unnest($texts) as one(text) where contains(lower(models.name::varchar), lower(text)))
qualify row_number() over (order by name::varchar) <= $first
union all
select 'task', name::varchar from tasks
where exists (select 1 from unnest($texts) as one(text) where contains(lower(tasks.name::varchar), lower(text)))
qualify row_number() over (order by name::varchar) <= $first
order by kind, name`;
