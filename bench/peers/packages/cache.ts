import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `npm run bench:peers` puts what npm does not have. */
export const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nomnom-bench');

/** A folder of jars: Debezium's JDBC sink and the client of NATS. */
export const jars = join(cache, 'debezium');

/** The Python that has dlt and Sling. */
export const python = join(cache, 'python', 'bin', 'python');

/** What makes the schema of pgmq. */
export const pgmqSql = join(cache, 'pgmq.sql');
