import type { Socket } from 'node:net';
import { addressGroup } from './auth/address.ts';

/**
 * Counts the connections of each address, so that none takes those of all others. Gives the address of a connection that is
 * one too many. A proxy has the connections of many senders, and is not counted.
 */
export function addressShare(
  most: number,
  isProxy: (address: string) => boolean,
): (socket: Socket) => string | undefined {
  const open = new Map<string, number>();
  return (socket) => {
    const { remoteAddress: address } = socket;
    // One that has ended already.
    if (address === undefined || isProxy(address)) return undefined;
    const from = addressGroup(address);
    const held = open.get(from) ?? 0;
    if (held >= most) return from;
    open.set(from, held + 1);
    socket.once('close', () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left === 0) open.delete(from);
      else open.set(from, left);
    });
    return undefined;
  };
}
