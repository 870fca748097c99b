// Who is compared, and where.
import { useAddress } from '../../address/address.ts';
import { Chosen } from '../../parts/Chosen.tsx';
import { Combobox } from '../../parts/Combobox.tsx';
import { Link } from '../../parts/Link.tsx';
import { Select } from '../../parts/Select.tsx';
import { counted } from '../../parts/words.ts';
import { findModels } from '../../search/find.ts';
import type { Shared } from './sharing.ts';

export const MOST_MODELS = 10;
const MOST_BOARDS = 5;

interface Props {
  names: readonly string[];
  offered: readonly Shared[];
  shown: readonly string[];
  // Those of the names that there is a model of: each has a colour.
  known: readonly string[];
}

export function Picking({ names, offered, shown, known }: Props) {
  const [params, change] = useAddress();
  const boards = params.getAll('board').filter(Boolean);
  // The models always stand first in the address: its first parameter says which view it is.
  const put = (models: readonly string[], on: readonly string[]) =>
    change({ compare: models.length > 0 ? models : '', board: on });
  const full = names.length >= MOST_MODELS;
  const left = offered.filter(({ name }) => !shown.includes(name));
  return (
    <>
      <div class="controls">
        {full ? (
          <p class="hint" role="status">
            These are {MOST_MODELS}, which is as many as fit. Take one away to add another.
          </p>
        ) : (
          <Combobox
            label="Add a model"
            hint="A part of its name"
            load={findModels}
            onPick={({ key }) => names.includes(key) || put([...names, key], boards)}
          />
        )}
        {names.length > 0 && left.length > 0 && shown.length < MOST_BOARDS && (
          <Select
            label="Add a board"
            any="choose one"
            value={null}
            onChange={(board) => board && put(names, [...shown, board])}
            options={left.map(
              ({ name, models, taskCount }) =>
                [name, `${name}: ${models} of ${names.length}, ${counted(taskCount, 'task')}`] as const,
            )}
          />
        )}
      </div>
      <Chosen
        label="Models that are compared"
        names={names}
        onRemove={(name) =>
          put(
            names.filter((one) => one !== name),
            boards,
          )
        }
        show={(name) => (
          <>
            <i class={`dot of${known.indexOf(name)}`} aria-hidden="true" /> <Link to={{ model: name }}>{name}</Link>
          </>
        )}
      />
      {boards.length > 0 && (
        <Chosen
          label="Boards"
          names={boards}
          show={(name) => `On ${name}`}
          onRemove={(name) =>
            put(
              names,
              boards.filter((one) => one !== name),
            )
          }
        />
      )}
    </>
  );
}
