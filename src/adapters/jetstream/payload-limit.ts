import type { Link } from './link.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY = 5_000;

/** How many bytes a message may have with its headers. */
export interface PayloadLimit {
  /** Undefined while there is no connection. */
  bytes(): number | undefined;
  /** Looks whether the server has another limit by now, unless somebody has just looked. Never throws. */
  look(): void;
}

/**
 * A server says its `max_payload` to new connections only: where an operator changes it and has the file read again, it holds for the
 * others too, but they are not told. So a new connection asks, where a message is larger than the limit that is known.
 */
export function payloadLimit({ connection, askInfo }: Pick<Link, 'connection' | 'askInfo'>): PayloadLimit {
  let lookedAt = -Infinity;
  const look = async (): Promise<void> => {
    const found = (await askInfo())?.max_payload;
    const { info } = connection;
    // The driver holds what it sends against the same object.
    if (found !== undefined && info !== undefined) info.max_payload = found;
  };
  return {
    bytes: () => connection.info?.max_payload,
    look() {
      const now = performance.now();
      if (now - lookedAt < LOOK_EVERY) return;
      lookedAt = now;
      void look();
    },
  };
}
