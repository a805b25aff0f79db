import type { PGlite } from '@electric-sql/pglite';
import { createServer, type Server, type Socket } from 'node:net';
import { Failure } from '../../ports/failure.ts';
import { type Frame, frameReader } from './frames.ts';
import { withoutCopyFromClient } from './refused-statements.ts';
import { type SessionGate, sessionGate } from './session-gate.ts';
import { statementNames } from './statement-names.ts';

/** A listening server; `close` ends its connections and resolves once nothing of them runs any more. */
export interface WireServer {
  readonly port: number;
  /** Resolves with the reason when Postgres itself has ended, which no statement should bring about. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Ends a group: simple query, sync, flush, function call, and what belongs to COPY. */
const ENDS_GROUP = new Set(['Q', 'S', 'H', 'F', 'd', 'c', 'f']);
const TERMINATE = 'X';
const REFUSE_ENCRYPTION = Buffer.from('N');

/**
 * Serves the Postgres protocol on the loopback address, without password. All connections share one session: their
 * transactions and prepared statements are kept apart; settings and temporary tables are not.
 */
export async function openWireServer(database: PGlite, port: number): Promise<WireServer> {
  const gate = sessionGate(database);
  const sockets = new Map<Socket, Promise<void>>();
  let clients = 0;
  const server = createServer((socket) => {
    clients += 1;
    sockets.set(
      socket,
      serve(socket, gate, clients).finally(() => sockets.delete(socket)),
    );
  });
  const actualPort = await listen(server, port);
  return {
    port: actualPort,
    ended: gate.ended,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ends = [...sockets.values()];
      for (const socket of sockets.keys()) socket.destroy();
      await Promise.all([closed, ...ends]);
    },
  };
}

/** Serves one connection until it ends, and leaves the session as if it had never been. */
async function serve(socket: Socket, gate: SessionGate, client: number): Promise<void> {
  const guest = { evict: () => socket.destroy() };
  const names = statementNames(client);
  const read = frameReader();
  let group: Buffer[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const write = (data: Uint8Array) => {
    if (socket.writable) socket.write(data);
  };
  const run = (messages: Buffer) => {
    last = gate.run(guest, messages, write).catch(() => socket.destroy());
  };
  const take = (frame: Frame) => {
    switch (frame.kind) {
      case 'encryption':
        write(REFUSE_ENCRYPTION);
        return;
      case 'cancel':
        socket.end();
        return;
      case 'startup':
        run(frame.bytes);
        return;
      case 'message':
        if (frame.type === TERMINATE) socket.end();
        else collect(frame.type, withoutCopyFromClient(frame.type, names.translate(frame.type, frame.bytes)));
    }
  };
  const collect = (type: string, message: Buffer) => {
    group.push(message);
    if (!ENDS_GROUP.has(type)) return;
    const messages = group.length === 1 ? message : Buffer.concat(group);
    group = [];
    run(messages);
  };

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      for (const frame of read(chunk)) take(frame);
    } catch {
      socket.destroy();
    }
  });
  await new Promise((resolve) => socket.once('close', resolve));
  await gate.leave(guest, names.closeAll()).catch(() => {});
  await last;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new Failure('PORT_IN_USE', `${HOST}:${port}`, { cause }) : cause);
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
