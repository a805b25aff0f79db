import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { Plan } from '../../plan/plan.ts';
import { unlessMissing } from './api-failure.ts';
import { covers } from './subject-covers.ts';

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
    const leaderless = withoutQuorum(info);
    if (leaderless !== undefined) return `stream ${name} ${leaderless}`;
    if (config.sealed) return `stream ${name} is sealed`;
    // `max_bytes: 0` and -1 are no limit.
    if (config.max_bytes > 0 && state.bytes > config.max_bytes - SMALLEST) return `stream ${name} is full`;
  }
  return undefined;
}

/** Milliseconds for which the copies of a stream that can be reached say nothing at most: they do each second. */
const SILENT = 6_000;

/** A leader takes ten seconds and more to notice that it is alone, and answers all the while. */
function withoutQuorum({ cluster }: StreamInfo): string | undefined {
  if (cluster === undefined) return undefined;
  if ((cluster.leader ?? '') === '') return 'has no leader';
  const others = cluster.replicas ?? [];
  const away = others.filter(({ offline, active }) => offline || active / 1e6 > SILENT).length;
  return away * 2 >= others.length + 1
    ? `has no quorum: ${away} of its ${others.length + 1} copies are away`
    : undefined;
}

/** The pattern itself, and that of its partitions where the plan has them. */
function patternsBelow(plan: Plan, stream: string, pattern: string): readonly string[] {
  const known = plan.streams.find(({ name }) => name === stream)?.subjects.map((each) => each.pattern) ?? [];
  return [pattern, ...known.filter((each) => each === `${pattern}.*`)];
}
