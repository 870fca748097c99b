// A choice of one among some, or of none.
import { useId } from 'preact/hooks';

interface Props {
  label: string;
  value: string | null;
  options: readonly (readonly [value: string, text: string])[];
  any?: string;
  onChange: (value: string | null) => void;
}

export function Select({ label, value, options, any, onChange }: Props) {
  const id = useId();
  const known = value === null || options.some(([option]) => option === value);
  return (
    <div>
      <label for={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value || null)}>
        {any !== undefined && <option value="">{any}</option>}
        {!known && <option value={value}>{value} (none)</option>}
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
