import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { connected } from './connected.ts';
import { terminateBackends } from './live.ts';
import type { QueueKind } from './options.ts';
import { type Readiness, readinessOf } from './readiness.ts';

/** Milliseconds by which a process whose queue cannot be written must say that it is not ready. */
const RED_WITHIN = 10_000;
const LOOK_EVERY = 1_000;

/** Refuses every write of those who do not ask for more than the default, for that long. */
export async function readOnlyFor(
  databaseUrl: string,
  queue: QueueKind,
  urls: readonly string[],
  facts: Readiness,
  milliseconds: number,
): Promise<void> {
  const end = performance.now() + milliseconds;
  const left = (): number => Math.max(0, end - performance.now());
  await setDefault(databaseUrl, "SET default_transaction_read_only = 'on'");
  // Sessions take the new default over by themselves at their next statement; a failover ends them too.
  await terminateBackends(databaseUrl, 1);
  try {
    if (queue === 'postgres' && left() > RED_WITHIN) {
      await Promise.all(urls.map((url) => untilRed(facts, url)));
      while (left() > 2 * LOOK_EVERY) {
        await sleep(LOOK_EVERY);
        for (const url of urls) await look(facts, url);
      }
    }
    await sleep(left());
  } finally {
    await setDefault(databaseUrl, 'RESET default_transaction_read_only');
    await terminateBackends(databaseUrl, 1);
  }
}

async function setDefault(databaseUrl: string, change: string): Promise<void> {
  await connected(databaseUrl, async (client) => {
    await client.query(`ALTER SYSTEM ${change}`);
    await client.query('SELECT pg_reload_conf()');
  });
}

/** A process that does not answer is being started again: nobody takes that for ready. */
async function untilRed(facts: Readiness, url: string): Promise<void> {
  const isRed = async (): Promise<boolean> => (await readinessOf(url))?.isReady !== true;
  await until(`${url} to be red`, isRed, { within: RED_WITHIN, every: 200 }).catch(() =>
    facts.wrong.push(
      `${url} was ready ${RED_WITHIN / 1000} s after Postgres, which has the queue, became read-only`,
    ),
  );
}

async function look(facts: Readiness, url: string): Promise<void> {
  const answer = await readinessOf(url);
  if (answer === undefined) return;
  facts.looks += 1;
  if (answer.isReady) {
    facts.wrong.push(`${url} was ready while Postgres, which has the queue, was read-only`);
    return;
  }
  facts.red += 1;
  for (const { check, message } of answer.reasons) {
    const reason = `${check}: ${message}`;
    facts.reasons.set(reason, (facts.reasons.get(reason) ?? 0) + 1);
  }
}
