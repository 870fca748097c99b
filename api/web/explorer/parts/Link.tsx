// A link within the page: it changes the address without loading the page anew.
import type { ComponentChildren } from 'preact';
import { go, href, type Change } from '../address/address.ts';

interface Props {
  to: Change;
  children: ComponentChildren;
  class?: string;
  title?: string;
  tabIndex?: number;
  'aria-label'?: string;
  'aria-current'?: 'page';
}

export function Link({ to, children, ...rest }: Props) {
  const address = href(to);
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(new URLSearchParams(address.slice(2)));
    scrollTo(0, 0);
  };
  return <a href={address} onClick={follow} {...rest}>{children}</a>;
}
