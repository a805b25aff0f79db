import { setTimeout as sleep } from 'node:timers/promises';
import { connectDirectly } from './connected.ts';

const AGAIN = 500;

/** Holds a snapshot until it is let go; takes a new one where the server ended the transaction that had it. */
export function holdSnapshot(databaseUrl: string): () => Promise<void> {
  let over = false;
  let letGo: (() => void) | undefined;
  const hold = async (): Promise<void> => {
    while (!over) {
      try {
        const client = await connectDirectly(databaseUrl);
        const ended = new Promise<void>((resolve) => {
          letGo = resolve;
          client.once('end', resolve);
        });
        await client.query('SET idle_in_transaction_session_timeout = 0');
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        // The first statement takes the snapshot.
        await client.query('SELECT 1');
        if (!over) await ended;
        await client.end();
      } catch {
        await sleep(AGAIN);
      }
    }
  };
  const held = hold();
  return async () => {
    over = true;
    letGo?.();
    await held;
  };
}
