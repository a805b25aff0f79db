import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

/** A connection to a nats-server that does nothing but count: the server has taken it, and answered. */
export async function heldConnection(url: string): Promise<Socket> {
  // The connection of whoever looked whether the server runs may still count.
  const socket = await until('the only connection', () => taken(url), { every: 50 });
  onTestFinished(() => void socket.destroy());
  return socket;
}

function taken(url: string): Promise<Socket | false> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.write('CONNECT {"verbose":false}\r\nPING\r\n');
    socket.on('data', (piece) => {
      text += String(piece);
      if (text.includes('PONG')) resolve(socket);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(false));
  });
}
