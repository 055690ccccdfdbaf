import { useEffect, useState } from 'preact/hooks';
import { withQuery } from './api';

/** Where the page is: `#/locks?export=demo`. A link to a view is a link to what it shows. */

export interface Route {
  view: string;
  query: Partial<Record<string, string>>;
}

function routeNow(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { view: path === '' ? 'locks' : path, query: Object.fromEntries(new URLSearchParams(query)) };
}

export const hrefOf = (view: string, query: Partial<Record<string, string>> = {}): string =>
  withQuery(`#/${view}`, query);

export function go(view: string, query: Partial<Record<string, string>> = {}): void {
  location.hash = hrefOf(view, query);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(routeNow());
  useEffect(() => {
    const changed = (): void => {
      setRoute(routeNow());
    };
    addEventListener('hashchange', changed);
    return () => {
      removeEventListener('hashchange', changed);
    };
  }, []);
  return route;
}
