// A text field that offers what fits the text, by the combobox pattern of ARIA's authoring practices.
import { useEffect, useId, useRef, useState } from 'preact/hooks';

const PAUSE_MS = 150;

export interface Option {
  key: string;
  text: string;
  note?: string;
  group?: string;
}

interface Props {
  label: string;
  hint?: string;
  load: (text: string, signal: AbortSignal) => Promise<readonly Option[]>;
  onPick: (option: Option) => void;
  onText?: (text: string) => void;
}

export function Combobox({ label, hint, load, onPick, onText }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const options = useOptions(open ? text.trim() : '', load);
  const shown = open && text.trim() !== '' ? options : null;
  useEffect(() => setActive(-1), [options]);
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [active]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const pick = (option: Option) => {
    setText('');
    close();
    onPick(option);
  };
  const enter = () => {
    const option = shown?.[active];
    if (option) pick(option);
    else if (onText && text.trim()) {
      close();
      onText(text.trim());
    } else if (shown?.[0]) pick(shown[0]);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) {
      setOpen(true);
      setActive((at) => around(at + step, shown?.length ?? 0));
    } else if (event.key === 'Enter') enter();
    else if (event.key === 'Escape' && shown) close();
    else return;
    event.preventDefault();
  };
  return (
    <div class="combobox">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        value={text}
        maxLength={200}
        aria-autocomplete="list"
        aria-expanded={Boolean(shown?.length)}
        aria-controls={`${id}-list`}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
        }}
        onKeyDown={press}
        onBlur={close}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={!shown?.length} ref={list}>
        {shown?.map((option, place) => (
          <li
            key={option.key}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(option)}
          >
            <span>{option.text}</span>
            {(option.note || option.group) && <small>{[option.group, option.note].filter(Boolean).join(' · ')}</small>}
          </li>
        ))}
      </ul>
      <span class={shown?.length === 0 ? 'nothing' : 'unseen'} role="status">
        {told(shown)}
      </span>
    </div>
  );
}

const told = (shown: readonly Option[] | null) =>
  shown === null ? '' : shown.length === 0 ? 'Nothing has this in its name.' : `${shown.length} found`;

// From the last to none to the first, and back.
function around(at: number, length: number): number {
  return at < -1 ? length - 1 : at >= length ? -1 : at;
}

// What fits a text, when the typing pauses; null until it is known.
function useOptions(text: string, load: Props['load']): readonly Option[] | null {
  const [found, setFound] = useState<readonly Option[] | null>(null);
  useEffect(() => {
    if (!text) {
      setFound(null);
      return;
    }
    const stop = new AbortController();
    const wait = setTimeout(() => {
      load(text, stop.signal).then(setFound, () => stop.signal.aborted || setFound([]));
    }, PAUSE_MS);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [text, load]);
  return found;
}
