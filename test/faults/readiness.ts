import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';

/** What the ingest processes said of themselves while a server was away for long. */
export interface Readiness {
  looks: number;
  red: number;
  degraded: number;
  /** How often each reason was given. */
  readonly reasons: Map<string, number>;
  readonly wrong: string[];
}

/** Milliseconds by which a process must have noticed that a server is away: a check may take 2 s. */
const NOTICED = 5_000;
const LOOK_EVERY = 2_000;
const ANSWER_WITHIN = 5_000;
const READY_AGAIN = 30_000;

export function newReadiness(): Readiness {
  return { looks: 0, red: 0, degraded: 0, reasons: new Map(), wrong: [] };
}

/**
 * What an ingest process must say while a server is away: without its queue it is not ready. Without Postgres beside a
 * queue that takes messages it is degraded, or not ready where it has only started.
 */
export type Away = 'red' | 'degraded';

/**
 * Lets the time go by in which a server is away; asks every ingest process from time to time whether it is ready, and
 * notes where one does not say what it must, and why. A process that does not answer is being started again: nobody takes
 * that for ready.
 */
export async function watchReadiness(
  facts: Readiness,
  urls: readonly string[],
  expected: Away,
  milliseconds: number,
): Promise<void> {
  const end = performance.now() + milliseconds;
  const left = (): number => Math.max(0, end - performance.now());
  await sleep(Math.min(NOTICED, left()));
  while (left() > LOOK_EVERY + ANSWER_WITHIN) {
    for (const url of urls) await look(facts, url, expected);
    await sleep(Math.min(LOOK_EVERY, left()));
  }
  await sleep(left());
}

async function look(facts: Readiness, url: string, expected: Away): Promise<void> {
  const answer = await readinessOf(url);
  if (answer === undefined) return;
  facts.looks += 1;
  if (!answer.isReady) facts.red += 1;
  else if (answer.reasons.length > 0) facts.degraded += 1;
  const given = answer.reasons.map((reason) => `${reason.check}: ${reason.message}`);
  for (const reason of given) facts.reasons.set(reason, (facts.reasons.get(reason) ?? 0) + 1);
  const said = answer.reasons.map(({ check }) => check);
  const isRight =
    expected === 'red'
      ? !answer.isReady && said.some((check) => check !== 'database')
      : answer.isReady
        ? said.includes('database')
        : said.some((check) => check === 'verification' || check === 'stopping' || check === 'queue');
  if (!isRight)
    facts.wrong.push(
      `${url} was ${answer.isReady ? 'ready' : 'not ready'} (${given.join('; ')}), not ${expected}`,
    );
}

/** A line for each process that does not become ready again. */
export async function unready(urls: readonly string[]): Promise<readonly string[]> {
  const lines = await Promise.all(
    urls.map(async (url) => {
      const isReady = async (): Promise<boolean> => (await readinessOf(url))?.isReady === true;
      return until(`${url} to be ready`, isReady, { within: READY_AGAIN, every: 100 }).then(
        () => [],
        () => [`${url} did not become ready again`],
      );
    }),
  );
  return lines.flat();
}

interface Answer {
  readonly isReady: boolean;
  readonly reasons: readonly { readonly check: string; readonly message: string }[];
}

/** Undefined where the process does not answer. */
export async function readinessOf(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    const body = (await response.json()) as { readonly reasons?: Answer['reasons'] };
    return { isReady: response.ok, reasons: body.reasons ?? [] };
  } catch {
    return undefined;
  }
}
