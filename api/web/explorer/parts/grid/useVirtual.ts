// Which of many rows or columns are in sight.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

interface Options {
  box: { readonly current: HTMLElement | null };
  count: number;
  size: (index: number) => number;
  // Changes where sizes do.
  sizes: string;
  // Pixels that what is sticky covers at the start.
  covered: number;
  horizontal: boolean;
}

export interface Virtual {
  items: VirtualItem[];
  before: number;
  after: number;
  show: (index: number) => void;
}

const MORE = { rows: 6, columns: 2 };

export function useVirtual({ box, count, size, sizes, covered, horizontal }: Options): Virtual {
  const [, render] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    horizontal,
    estimateSize: size,
    overscan: horizontal ? MORE.columns : MORE.rows,
    scrollPaddingStart: covered,
    getScrollElement: () => box.current,
    initialRect: { width: innerWidth, height: innerHeight },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => render(0),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions({ ...virtualizer.options, ...options });
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [sizes]);
  const items = virtualizer.getVirtualItems().filter(({ index }) => index < count);
  const [first, last] = [items[0], items.at(-1)];
  return {
    items,
    before: first?.start ?? 0,
    after: last ? Math.max(0, virtualizer.getTotalSize() - last.end) : 0,
    show: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
