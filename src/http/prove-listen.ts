import { createServer } from 'node:net';
import { listenFailure } from './listen-failure.ts';
import type { Listen } from './server.ts';
import { type Identity, readIdentity } from './tls.ts';

/**
 * Proves that a server could listen there now, and with these certificates, which it gives: takes the port, and gives it back at once.
 * Rejects as the start of the server would.
 */
export async function proveListen({ port, host, tls }: Listen): Promise<Identity | undefined> {
  const identity = tls === undefined ? undefined : readIdentity(tls);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  }).catch((error: unknown) => {
    throw listenFailure(error, { port, host });
  });
  await new Promise((resolve) => server.close(resolve));
  return identity;
}
