// The search of the page's head: one field for boards, models and tasks.
import { go } from '../address/address.ts';
import { Combobox, type Option } from '../parts/Combobox.tsx';
import { findAll } from './find.ts';

export function Search() {
  const open = ({ key }: Option) => {
    const place = key.indexOf(' ');
    go(new URLSearchParams({ [key.slice(0, place)]: key.slice(place + 1) }));
    scrollTo(0, 0);
  };
  return (
    <search>
      <Combobox
        label="Search"
        hint="A board, a model or a task"
        load={findAll}
        onPick={open}
        onText={(text) => go(new URLSearchParams({ q: text }))}
      />
    </search>
  );
}
