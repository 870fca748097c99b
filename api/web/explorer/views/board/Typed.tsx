// A text field that writes into the address when the typing pauses.
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'search' | 'date' | 'number';
  hint?: string;
  fits?: (value: string) => boolean;
  list?: readonly string[];
}

const PAUSE_MS = 200;

export function Typed({ label, value, onChange, type = 'text', hint, fits = () => true, list }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  const wait = useRef(0);
  const written = useRef(value);
  // What comes from elsewhere (the back button, a chip) is shown; what was typed here stays as it was typed.
  useEffect(() => {
    if (value !== written.current) setText(value);
    written.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(wait.current), []);
  const good = text === '' || fits(text);
  const take = (next: string) => {
    setText(next);
    clearTimeout(wait.current);
    if (next === '' || fits(next)) {
      wait.current = window.setTimeout(() => {
        written.current = next;
        onChange(next);
      }, PAUSE_MS);
    }
  };
  return (
    <div class="typed">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={text}
        placeholder={hint}
        maxLength={200}
        autocomplete="off"
        aria-invalid={!good}
        list={list ? `${id}-list` : undefined}
        onInput={(event) => take(event.currentTarget.value)}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </div>
  );
}
