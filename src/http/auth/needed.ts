import type { Route } from '../route.ts';
import type { Need } from './need.ts';

/**
 * What a request needs of its sender, as its first line says it; undefined where everybody may send it, where no route has the
 * path, and where the path has to be decoded first: then its route tells.
 */
export function neededBy(
  routes: readonly Route[],
): (method: string | undefined, url: string | undefined) => Need | undefined {
  const known = routes.flatMap(({ method, path, needs }) => {
    if (needs === undefined) return [];
    const names = [...path.matchAll(/:([^/]+)/g)].map(([, name = '']) => name);
    const pattern = new RegExp(`^${path.replaceAll(/:[^/]+/g, '([^/?%#;]+)')}(?:\\?|$)`);
    return [{ method, names, pattern, needs }];
  });
  return (method, url = '') => {
    const asked = method === 'HEAD' ? 'GET' : method;
    for (const route of known) {
      if (route.method !== asked) continue;
      const found = route.pattern.exec(url);
      if (found === null) continue;
      const params: Record<string, string> = {};
      for (const [at, name] of route.names.entries()) params[name] = found[at + 1] ?? '';
      return route.needs(params);
    }
    return undefined;
  };
}
