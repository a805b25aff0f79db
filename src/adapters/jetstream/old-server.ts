import type { Plan } from '../../plan/plan.ts';

/**
 * What a server of this version cannot keep of the plan; undefined where it can. Up to 2.9 the server weighs a new
 * message without what it stores around it: a stream that is almost full takes it, and the server then deletes the
 * oldest messages, read or not, to be within `max_bytes` again (`storeRawMsg` in its filestore.go).
 */
export function shortcomingOf(version: string, { streams }: Plan): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const limited = streams.filter(({ maxBytes }) => maxBytes > 0).map(({ name }) => name);
  if (major > 2 || (major === 2 && minor >= 10) || limited.length === 0) return undefined;
  return (
    `nats-server ${version} deletes the oldest messages of a stream that is full, before they were read: ` +
    `use 2.10 or newer, or leave max_bytes out of ${limited.join(', ')}`
  );
}
