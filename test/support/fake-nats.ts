import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface FakeNats {
  readonly port: number;
  /** Everything that clients sent. */
  received(): string;
  close(): Promise<void>;
}

/** Says that it is a NATS server without TLS, takes everybody in, and remembers what it gets. `tls`: it begins with TLS. */
export async function fakeNats(tls?: { readonly cert: Buffer; readonly key: Buffer }): Promise<FakeNats> {
  let received = '';
  const sockets = new Set<Socket>();
  const greet = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (data.includes('PING')) socket.write('PONG\r\n');
    });
    const info = { server_id: 'fake', version: '2.10.0', proto: 1, headers: true, max_payload: 1_048_576 };
    socket.write(
      `INFO ${JSON.stringify({ ...info, ...(tls === undefined ? {} : { tls_required: true }) })}\r\n`,
    );
  };
  const server: Server = tls === undefined ? createServer(greet) : createTlsServer(tls, greet);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    received: () => received,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
