import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../ports/log.ts';
import { addressShare } from './address-share.ts';

/** What the connections of a server may take; each by what the process has, or by a safe default, when absent. */
export interface ConnectionLimits {
  /** Connections at once. */
  readonly most: number;
  /** Of one address at once. */
  readonly perAddress: number;
  /** Whether an address is that of a proxy, whose connections are of many senders. */
  readonly isProxy: (address: string) => boolean;
  /** Milliseconds in which a client has to take something of what waits for it. */
  readonly untaken: number;
  /** Bytes that may wait for all clients together. */
  readonly unsent: number;
  /** Milliseconds between two looks. */
  readonly look: number;
}

export const CONNECTION_LIMITS: Pick<ConnectionLimits, 'untaken' | 'unsent' | 'look'> = {
  untaken: 30_000,
  unsent: 64 * 1024 * 1024,
  look: 1_000,
};

export interface Connections {
  /** Ends all of them, also those that are no HTTP yet, or no more. */
  destroyAll(): void;
  stop(): void;
}

/** A connection on which bytes wait. */
interface Stuck {
  mark: string;
  since: number;
}

/**
 * Bounds what strangers can hold by their connections. A connection is open → its client takes nothing of what waits for it → closed:
 * after `untaken` milliseconds, or at the second look where all such connections together hold too much.
 *
 * Over TLS a client has two sockets here: the one that was accepted, and the one that speaks HTTP through it.
 */
export function watchConnections(server: Server, limits: ConnectionLimits, log: Log): Connections {
  const { most, perAddress, isProxy, untaken, unsent, look } = limits;
  const open = new Set<Socket>();
  const stuck = new Map<Socket, Stuck>();
  const isTooMany = addressShare(perAddress, isProxy);
  let dropped = 0;
  let crowd = { refused: 0, address: '' };
  const add = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      stuck.delete(socket);
    });
  };
  server.maxConnections = most;
  server.on('connection', (socket) => {
    const address = isTooMany(socket);
    if (address === undefined) return add(socket);
    crowd = { refused: crowd.refused + 1, address };
    socket.destroy();
  });
  server.on('secureConnection', add);
  server.on('drop', () => (dropped += 1));

  const timer = setInterval(() => {
    const now = performance.now();
    let bytes = 0;
    for (const socket of open) {
      const waiting = waitingOn(socket);
      const before = stuck.get(socket);
      bytes += waiting;
      if (waiting === 0) stuck.delete(socket);
      else if (before === undefined || before.mark !== markOf(socket))
        stuck.set(socket, { mark: markOf(socket), since: now });
      else if (now - before.since >= untaken) socket.destroy();
    }
    if (bytes > unsent) freeOf(stuck, now, bytes - unsent);
    if (dropped > 0) log.warn({ connections: most, refused: dropped }, 'all connections are taken');
    dropped = 0;
    if (crowd.refused > 0)
      log.warn({ ...crowd, connections: perAddress }, 'one address has all the connections that it may have');
    crowd = { refused: 0, address: '' };
  }, look).unref();

  return {
    destroyAll() {
      for (const socket of open) socket.destroy();
    },
    stop: () => clearInterval(timer),
  };
}

/** Closes connections that took nothing since the last look, from those that hold most, until so many bytes are free. */
function freeOf(stuck: ReadonlyMap<Socket, Stuck>, now: number, bytes: number): void {
  const held = [...stuck]
    .filter(([, { since }]) => since < now)
    .map(([socket]) => ({ socket, bytes: waitingOn(socket) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  let left = bytes;
  for (const each of held) {
    if (left <= 0) return;
    left -= each.bytes;
    each.socket.destroy();
  }
}

/** Bytes that wait in this process; those that the system took for its own buffer are not among them. */
function waitingOn(socket: Socket): number {
  return Math.max(socket.writableLength, queued(socket));
}

/** Changes with each byte that is taken, also in the middle of a large write. */
function markOf(socket: Socket): string {
  return `${socket.bytesWritten} ${socket.writableLength} ${queued(socket)}`;
}

/** Node tells the rest of a write that the system took in part only by its handle, as its own timeouts read it. */
function queued(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly writeQueueSize?: number } };
  return handle?.writeQueueSize ?? 0;
}
