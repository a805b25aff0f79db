import type { JetStreamManager } from '@nats-io/jetstream';
import type { Plan } from '../../plan/plan.ts';
import { unlessMissing } from './api-failure.ts';

/** Bytes that the smallest message takes in a stream, with the headers that we give it. */
const SMALLEST = 200;

/** Why the streams that the plan's roles publish to would take nothing now; a request for each of them. */
export async function obstacleOf(manager: JetStreamManager, plan: Plan): Promise<string | undefined> {
  const published = plan.roles.flatMap(({ publishes }) => publishes);
  for (const name of new Set(published.map(({ stream }) => stream))) {
    const info = await unlessMissing(manager.streams.info(name), `stream ${name}`);
    if (info === undefined) return `stream ${name} does not exist`;
    const { config, state } = info;
    const wanted = published
      .filter(({ stream }) => stream === name)
      .map(({ template }) => template.replace('{entity}', '*'))
      .flatMap((pattern) => patternsBelow(plan, name, pattern));
    const has = config.subjects ?? [];
    const missing = wanted.find((pattern) => !has.some((subject) => covers(subject, pattern)));
    if (missing !== undefined) {
      return `stream ${name} does not capture ${missing}: it captures ${has.length === 0 ? 'nothing' : has.join(', ')}`;
    }
    if (config.sealed) return `stream ${name} is sealed`;
    // `max_bytes: 0` and -1 are no limit.
    if (config.max_bytes > 0 && state.bytes > config.max_bytes - SMALLEST) return `stream ${name} is full`;
  }
  return undefined;
}

/** The pattern itself, and that of its partitions where the plan has them. */
function patternsBelow(plan: Plan, stream: string, pattern: string): readonly string[] {
  const known = plan.streams.find(({ name }) => name === stream)?.subjects.map((each) => each.pattern) ?? [];
  return [pattern, ...known.filter((each) => each === `${pattern}.*`)];
}

/** Whether a subject with wildcards matches everything that the pattern matches. */
function covers(subject: string, pattern: string): boolean {
  const own = subject.split('.');
  const other = pattern.split('.');
  for (const [at, token] of own.entries()) {
    const wanted = other[at];
    if (token === '>') return wanted !== undefined;
    if (wanted === undefined || wanted === '>' || (token !== '*' && token !== wanted)) return false;
  }
  return own.length === other.length;
}
