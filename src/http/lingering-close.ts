import type { Socket } from 'node:net';

/** Milliseconds for which a client may go on sending after its answer. */
const LINGER = 2_000;

/**
 * Makes the end of the running answer the end of the connection, in two steps: no more is written, and what the client
 * still sends is thrown away for a moment. A socket that is destroyed while bytes wait in it is reset, and a reset may
 * take the answer away from a client that is still sending. Node ends a connection through `destroySoon`.
 */
export function lingerAfterAnswer(socket: Socket): void {
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    // A listener takes the bytes away from the HTTP parser: nothing that follows becomes a request.
    socket.on('data', drop);
    for (const listener of socket.listeners('data')) {
      if (listener !== drop) socket.off('data', listener as (data: Buffer) => void);
    }
    socket.end();
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), LINGER).unref();
    socket.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  };
}

const drop = () => {};
