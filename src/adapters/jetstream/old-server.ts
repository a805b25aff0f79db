import type { Plan } from '../../plan/plan.ts';
import type { Outdated } from '../../ports/server-facts.ts';

/**
 * What a server of this version cannot keep of the plan; undefined from 2.10 on. Up to 2.9 the server weighs a new
 * message without what it stores around it: a stream that is almost full takes it, and the server then deletes the
 * oldest messages, read or not, to be within `max_bytes` again (`storeRawMsg` in its filestore.go). Nothing else of a plan needs 2.10.
 */
export function shortcomingOf(version: string, { streams }: Plan): Outdated | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= 10)) return undefined;
  const limited = streams.filter(({ maxBytes }) => maxBytes > 0).map(({ name }) => name);
  const use = 'Use nats-server 2.10 or newer';
  return limited.length === 0
    ? {
        loses: false,
        message: `nats-server ${version} is older than 2.10: it serves this file, and would lose messages of a stream with max_bytes`,
        help: `${use}, and leave max_bytes out until then.`,
      }
    : {
        loses: true,
        message: `nats-server ${version} deletes the oldest messages of a stream that is full, before they were read`,
        help: `${use}, or leave max_bytes out of ${limited.join(', ')}.`,
      };
}
