import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from './link.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY = 5_000;
/** Milliseconds for which it goes on looking after somebody wanted more: a client that waits sends again meanwhile. */
const WANTED_FOR = 60_000;
/** The server counts headers as payload; this much of it is kept for them. */
const HEADER_ROOM = 16 * 1024;

/** How many bytes a message may have. */
export interface PayloadLimit {
  /** With its headers. Undefined while there is no connection. */
  bytes(): number | undefined;
  /** Of its body, so that its headers fit in any case; 0 where none does. Undefined while there is no connection. */
  body(): number | undefined;
  /** Why no body fits at all, and what an operator changes; undefined where some do. */
  tooLow(): string | undefined;
  /** Looks every few seconds whether the server has another limit by now: for a minute, and as long as no body fits. Never throws. */
  look(): void;
}

/**
 * A server says its `max_payload` to new connections only: where an operator changes it and has the file read again, it holds for the
 * others too, but they are not told. So a new connection asks, where a message is larger than the limit that is known.
 */
export function payloadLimit({
  connection,
  askInfo,
}: {
  readonly connection: Pick<Link['connection'], 'info' | 'isClosed'>;
  readonly askInfo: Link['askInfo'];
}): PayloadLimit {
  let wantedAt = -Infinity;
  let lookedAt = -Infinity;
  let looking = false;
  const bytes = () => connection.info?.max_payload;
  const body = () => {
    const most = bytes();
    return most === undefined ? undefined : Math.max(0, most - HEADER_ROOM);
  };
  const ask = async (): Promise<void> => {
    const found = (await askInfo())?.max_payload;
    const { info } = connection;
    // The driver holds what it sends against the same object.
    if (found !== undefined && info !== undefined) info.max_payload = found;
  };
  const isWanted = () => body() === 0 || performance.now() - wantedAt < WANTED_FOR;
  const lookOn = async (): Promise<void> => {
    looking = true;
    while (isWanted() && !connection.isClosed()) {
      const rest = lookedAt + LOOK_EVERY - performance.now();
      // Nobody waits for the end of this: it keeps no process alive.
      if (rest > 0) await sleep(rest, undefined, { ref: false });
      if (connection.isClosed()) break;
      lookedAt = performance.now();
      await ask();
    }
    looking = false;
  };
  return {
    bytes,
    body,
    tooLow: () =>
      body() === 0
        ? `max_payload of the NATS servers is ${bytes()} bytes, and ${HEADER_ROOM} of it are kept for headers: ` +
          'no message fits; raise max_payload, 1MB is the default'
        : undefined,
    look() {
      wantedAt = performance.now();
      if (!looking) void lookOn();
    },
  };
}
