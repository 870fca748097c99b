// Which models: by what is known of them.
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../graphql/useAnswer.ts';
import type { Row } from './columns.ts';
import type { Controlled } from './Controls.tsx';
import { OffersDocument, SpokenDocument } from './parts.ts';
import { Several } from './Several.tsx';
import { spanText, type Span, type State } from './state.ts';
import { Typed } from './Typed.tsx';

const SIZES: [string, string][] = [
  ['', 'Any'],
  ['..100M', 'Under 100M'],
  ['100M..500M', '100M to 500M'],
  ['500M..1B', '500M to 1B'],
  ['1B..10B', '1B to 10B'],
  ['10B..100B', '10B to 100B'],
  ['100B..', '100B and more'],
];
const isSize = (text: string) => /^\d+(\.\d+)?[KMBT]?$/i.test(text);
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

export function filtersOf(state: State): number {
  const { text, size, released, licenses, openWeights, openness, types, modalities, speaks } = state;
  return [
    text,
    spanText(size),
    spanText(released),
    licenses.length,
    openWeights !== null,
    openness !== null,
    types.length,
    modalities.length,
    speaks.length,
  ].filter(Boolean).length;
}

export function Filters({ board, state, change, rows }: Controlled) {
  const offers = useOffers(rows);
  const names = useLanguages(true);
  const spoken = useSpoken(board.name);
  const size = spanText(state.size) ?? '';
  const span = (of: Span, part: Partial<Span>) => spanText({ ...of, ...part });
  const clear = {
    q: null,
    size: null,
    released: null,
    license: null,
    open: null,
    openness: null,
    type: null,
    modality: null,
    speaks: null,
    anew: state.tasksAnew ? 'tasks' : null,
  };
  return (
    <div class="inside">
      <div class="row">
        <div class="typed">
          <label for="size">Parameters</label>
          <select id="size" value={size} onChange={(event) => change({ size: event.currentTarget.value || null })}>
            {SIZES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            {!SIZES.some(([value]) => value === size) && <option value={size}>{size}</option>}
          </select>
        </div>
        <Typed
          label="Parameters from"
          hint="500M"
          value={state.size.from ?? ''}
          fits={isSize}
          onChange={(from) => change({ size: span(state.size, { from: from || null }) }, 'replace')}
        />
        <Typed
          label="Parameters below"
          hint="7B"
          value={state.size.to ?? ''}
          fits={isSize}
          onChange={(to) => change({ size: span(state.size, { to: to || null }) }, 'replace')}
        />
        <Typed
          label="Released from"
          type="date"
          value={state.released.from ?? ''}
          fits={isDay}
          onChange={(from) => change({ released: span(state.released, { from: from || null }) }, 'replace')}
        />
        <Typed
          label="Released until"
          type="date"
          value={state.released.to ?? ''}
          fits={isDay}
          onChange={(to) => change({ released: span(state.released, { to: to || null }) }, 'replace')}
        />
        <div class="typed">
          <label for="open">Open weights</label>
          <select
            id="open"
            value={state.openWeights === null ? '' : state.openWeights ? 'yes' : 'no'}
            onChange={(event) => change({ open: event.currentTarget.value || null })}
          >
            <option value="">Any</option>
            <option value="yes">Yes</option>
            <option value="no">No</option>
          </select>
        </div>
        <div class="typed">
          <label for="openness">Openness at least</label>
          <select
            id="openness"
            value={state.openness ?? ''}
            onChange={(event) => change({ openness: event.currentTarget.value || null })}
          >
            <option value="">Any</option>
            {[1, 2, 3, 4, 5, 6].map((held) => (
              <option key={held} value={held}>
                {held} of 6
              </option>
            ))}
          </select>
        </div>
        <Several label="Licence" offers={offers.licenses} chosen={state.licenses} onChange={(license) => change({ license })} />
        <Several label="Type" offers={offers.types} chosen={state.types} onChange={(type) => change({ type })} />
        <Several
          label="Takes"
          offers={offers.modalities}
          chosen={state.modalities}
          onChange={(modality) => change({ modality })}
        />
        <Several
          label="Made for language"
          offers={spoken}
          chosen={state.speaks}
          onChange={(speaks) => change({ speaks })}
          name={names}
        />
      </div>
      <Anew
        what="models"
        anew={state.modelsAnew}
        keep="Hide the others; ranks stay those of the whole board"
        again="Rank these anew, as if there were no others"
        onChange={(anew) => change({ anew: [...(anew ? ['models'] : []), ...(state.tasksAnew ? ['tasks'] : [])] })}
      />
      {filtersOf(state) > 0 && (
        <button type="button" onClick={() => change(clear)}>
          Show all models
        </button>
      )}
    </div>
  );
}

interface AnewProps {
  what: string;
  anew: boolean;
  keep: string;
  again: string;
  onChange: (anew: boolean) => void;
}

// Whether a choice only hides, or decides what is ranked.
export function Anew({ what, anew, keep, again, onChange }: AnewProps) {
  return (
    <fieldset class="anew">
      <legend>What the choice of {what} does</legend>
      <label>
        <input type="radio" name={`anew-${what}`} checked={!anew} onChange={() => onChange(false)} /> {keep}
      </label>
      <label>
        <input type="radio" name={`anew-${what}`} checked={anew} onChange={() => onChange(true)} /> {again}
      </label>
    </fieldset>
  );
}

// The names of languages by their codes.
export function useLanguages(wanted: boolean): (code: string) => string {
  const { answer } = useAnswer(OffersDocument, wanted ? {} : null);
  const known = useMemo(() => new Map(answer?.data.languages.map(({ code, name }) => [code, name])), [answer]);
  return (code) => {
    const name = known.get(code) ?? known.get(code.split('-')[0] ?? '');
    return name ? `${name} (${code})` : code;
  };
}

// The languages that models of the board are made for.
function useSpoken(board: string): string[] {
  const { answer } = useAnswer(SpokenDocument, { board });
  return useMemo(() => [...new Set(answer?.data.models.nodes.flatMap(({ languages }) => languages))].sort(), [answer]);
}

function useOffers(rows: readonly Row[]) {
  return useMemo(() => {
    const all = (of: (row: Row) => readonly (string | null)[]) =>
      [...new Set(rows.flatMap(of).filter((each) => each !== null))].sort();
    return {
      licenses: all(({ entry }) => [entry.model.license]),
      types: all(({ entry }) => entry.model.modelTypes),
      modalities: all(({ entry }) => entry.model.modalities),
    };
  }, [rows]);
}
