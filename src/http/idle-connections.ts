import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Makes a stop close only connections whose requests all have their answers. Node takes a connection for idle as soon as its
 * running answer has ended. Over TLS the bytes of that answer may still wait then, and the answers to requests that the
 * client sent without waiting come after them.
 */
export function closeOnlyAnswered(server: Server, hasAnswers: (socket: Socket) => boolean): void {
  const open = new Set<Socket>();
  const add = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  server.on('connection', add);
  server.on('secureConnection', add);
  const closeIdle = server.closeIdleConnections.bind(server);
  // Fastify and Node call it too when they close.
  server.closeIdleConnections = () => {
    // Only Node knows where a request is half received, so it still chooses; these connections ignore it.
    const kept = [...open].filter((socket) => !hasAnswers(socket));
    for (const socket of kept) socket.destroy = () => socket;
    closeIdle();
    // Now they can be destroyed again, by the method of their class.
    for (const socket of kept) Reflect.deleteProperty(socket, 'destroy');
  };
}
