/** Every path that the server has, with the methods that it takes there. */
const ROUTES: readonly { readonly path: RegExp; readonly methods: string }[] = [
  { path: /^\/ingest\/[^/]+$/, methods: 'POST' },
  { path: /^\/ingest\/[^/]+\/batch$/, methods: 'POST' },
  { path: /^\/status\/[^/]+$/, methods: 'GET, HEAD' },
  { path: /^\/(?:healthz|readyz)$/, methods: 'GET, HEAD' },
];

/** The methods of a path, as an `Allow` header lists them; undefined for a path that is not there. */
export function allowedMethods(path: string): string | undefined {
  return ROUTES.find((route) => route.path.test(path))?.methods;
}
