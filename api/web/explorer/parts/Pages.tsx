// Steps through a list a page at a time; the page is in the address.
import { useAddress } from '../address/address.ts';
import { counted } from './words.ts';
import { whole } from './numbers.ts';

interface Props {
  total: number;
  one: string;
  many?: string;
  size: number;
  shown: number;
  next: string | null;
}

export function Pages({ total, one, many, size, shown, next }: Props) {
  const [params, change] = useAddress();
  const page = pageOf(params);
  const first = (page - 1) * size + 1;
  return (
    <nav class="pages" aria-label={`Pages of ${many ?? `${one}s`}`}>
      <span role="status">
        {shown > 0 ? `${whole(first)} to ${whole(first + shown - 1)} of ${counted(total, one, many)}` : counted(total, one, many)}
      </span>
      {page > 1 && (
        <button type="button" onClick={() => change({ page: null, after: null })}>
          First page
        </button>
      )}
      {next && (
        <button type="button" onClick={() => change({ page: String(page + 1), after: next })}>
          Next page
        </button>
      )}
    </nav>
  );
}

// The way out where a page can no longer be read, as its cursor was of a snapshot that is gone.
export function Restart({ error }: { error: string | undefined }) {
  const [params, change] = useAddress();
  if (!error || !params.get('after')) return null;
  return (
    <p>
      <button type="button" onClick={() => change(FROM_START, 'replace')}>
        Begin at the first page
      </button>
    </p>
  );
}

// Which page the address names: one without a cursor is the first.
export function pageOf(params: URLSearchParams): number {
  const page = Number(params.get('page'));
  return params.get('after') && Number.isSafeInteger(page) && page > 1 ? page : 1;
}

// Taken away with every change of what is listed.
export const FROM_START = { page: null, after: null };
