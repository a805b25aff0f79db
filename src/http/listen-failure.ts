import { Failure } from '../ports/failure.ts';

/** Why the system does not let a server listen: PORT_IN_USE or CANNOT_LISTEN, or the error itself, which is a bug. */
export function listenFailure(
  error: unknown,
  { port, host }: { readonly port: number; readonly host: string },
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new Failure('PORT_IN_USE', String(port), { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EADDRNOTAVAIL' || code === 'EACCES')
    return new Failure('CANNOT_LISTEN', `${host}:${port}, ${code}`, { cause: error });
  return error;
}
