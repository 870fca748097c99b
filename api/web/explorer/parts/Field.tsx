// A text in the address; it is read once the typing pauses, so that not every letter is asked for.
import { useEffect, useId, useState } from 'preact/hooks';

const PAUSE_MS = 200;

interface Props {
  label: string;
  value: string;
  hint?: string;
  numeric?: boolean;
  onChange: (value: string) => void;
}

export function Field({ label, value, hint, numeric = false, onChange }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const wait = setTimeout(() => onChange(text.trim()), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [text]);
  return (
    <div>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={numeric ? 'decimal' : 'text'}
        value={text}
        placeholder={hint}
        maxLength={200}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}
