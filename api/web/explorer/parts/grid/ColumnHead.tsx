// The head of a column: sorts by it, and leads to what it is about.
import type { Change } from '../../address/address.ts';
import { Link } from '../Link.tsx';

export interface Headed {
  key: string;
  label: string;
  title?: string;
  best: 'most' | 'least';
  numeric?: boolean;
  about?: Change;
}

interface Props {
  column: Headed;
  place: number;
  stops: boolean;
  class?: string;
  sort: { key: string; descending: boolean } | null;
  onSort: (column: Headed) => void;
}

export function ColumnHead({ column, place, stops, class: kind = '', sort, onSort }: Props) {
  const { label, title = label, about, numeric } = column;
  const by = sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : 'none';
  const tabIndex = stops ? 0 : -1;
  return (
    <th scope="col" class={`${kind} ${numeric ? 'number' : ''}`} aria-colindex={place + 1} aria-sort={by} data-at={`0:${place}`}>
      <button type="button" class="by" tabIndex={tabIndex} title={title} onClick={() => onSort(column)}>
        <span class="label">{label}</span>
        {by !== 'none' && (
          <span class="arrow" aria-hidden="true">
            {by === 'descending' ? '▼' : '▲'}
          </span>
        )}
      </button>
      {about && (
        <Link to={about} class="about" tabIndex={tabIndex} title={`About ${label}`} aria-label={`About ${label}`}>
          i
        </Link>
      )}
    </th>
  );
}
