import type { Route } from './route.ts';

/** Gives the methods of a path, as an `Allow` header lists them; undefined for a path that no route has. */
export function allowedMethods(routes: readonly Route[]): (path: string) => string | undefined {
  const known = routes.map(({ path, method }) => ({
    pattern: new RegExp(`^${path.replaceAll(/:[^/]+/g, '[^/]+')}$`),
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
  }));
  return (path) => {
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return methods.length === 0 ? undefined : methods.join(', ');
  };
}
