// A choice of several: a list to add from, and what is chosen, each with a way to take it back.
import { useId } from 'preact/hooks';

interface Props {
  label: string;
  offers: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  name?: (offer: string) => string;
}

export function Several({ label, offers, chosen, onChange, name = (offer) => offer }: Props) {
  const id = useId();
  const left = offers.filter((offer) => !chosen.includes(offer));
  if (left.length === 0 && chosen.length === 0) return null;
  return (
    <div class="several">
      <label for={id}>{label}</label>
      <select
        id={id}
        value=""
        disabled={left.length === 0}
        onChange={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.value = '';
          if (value) onChange([...chosen, value]);
        }}
      >
        <option value="">{chosen.length > 0 ? 'Add …' : 'Any'}</option>
        {left.map((offer) => (
          <option key={offer} value={offer}>
            {name(offer)}
          </option>
        ))}
      </select>
      {chosen.length > 0 && (
        <ul class="chips">
          {chosen.map((each) => (
            <li key={each}>
              <button
                type="button"
                onClick={() => onChange(chosen.filter((other) => other !== each))}
                aria-label={`${label}: without ${name(each)}`}
              >
                {name(each)} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
