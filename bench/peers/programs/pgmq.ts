/**
 * pgmq, with everything in SQL: the worker only calls a function that reads messages, writes their rows and deletes them.
 *
 * Tuned: 500 × 2 and 500 × 3 took the least processor time, 500 × 4 and 1000 × 2 up to a third more, 250 × 2 twice as much.
 */
import { Pool } from 'pg';
import { required, tuned } from '../hand-written/settings.ts';

interface Taken {
  readonly taken: number;
}

const inFlight = tuned('IN_FLIGHT', 2);
const batchSize = tuned('BATCH', 500);
const pool = new Pool({ connectionString: required('DATABASE_URL'), max: inFlight });
let left = Number(required('MESSAGES'));
process.on('SIGTERM', () => process.exit(0));
console.log('ready');
const lane = async (): Promise<void> => {
  while (left > 0) {
    const { rows } = await pool.query<Taken>('SELECT take_orders($1) AS taken', [batchSize]);
    left -= rows[0]?.taken ?? 0;
  }
};
await Promise.all(Array.from({ length: inFlight }, lane));
console.log('drained');
