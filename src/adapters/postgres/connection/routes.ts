import type { Parameters } from './parameters.ts';

/** One way to the database: a host, with or without TLS. */
export interface Route {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** Every way that the parameters allow, in the order in which libpq tries them. A socket of this machine needs no TLS. */
export function routesOf({ hosts, sslMode }: Pick<Parameters, 'hosts' | 'sslMode'>): readonly Route[] {
  return hosts.flatMap(({ host, port }) =>
    (host.startsWith('/') ? [false] : TLS_IN_TURN[sslMode]).map((tls) => ({ host, port, tls })),
  );
}

const TLS_IN_TURN: Readonly<Record<Parameters['sslMode'], readonly boolean[]>> = {
  disable: [false],
  allow: [false, true],
  prefer: [true, false],
  require: [true],
  'verify-ca': [true],
  'verify-full': [true],
};

/** Remembers which way led to the database last. */
export interface RouteChoice {
  readonly count: number;
  current(): Route;
  /** The next one is tried from now on, unless somebody else has gone on from `route` already. */
  leave(route: Route): void;
}

export function chooseRoutes(routes: readonly Route[]): RouteChoice {
  let at = 0;
  const current = (): Route => {
    const route = routes[at];
    if (route === undefined) throw new Error('there is no way to the database');
    return route;
  };
  return {
    count: routes.length,
    current,
    leave(route) {
      if (route === current()) at = (at + 1) % routes.length;
    },
  };
}
