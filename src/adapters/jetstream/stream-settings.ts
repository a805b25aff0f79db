import type { StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { millis, nanos } from '@nats-io/transport-node';
import type { StreamPlan } from '../../plan/plan.ts';
import { always, durationText, limitText, never, type Setting } from './setting.ts';

/** The server takes no shorter window, and reads 0 as its own default of two minutes. */
const SHORTEST_DEDUPE = 100;

/** The dedupe window that the server can have: it refuses one that is longer than the age of messages. */
export function dedupeWindow({ dedupe, maxAge }: StreamPlan): number {
  const window = Math.max(dedupe, SHORTEST_DEDUPE);
  return maxAge > 0 ? Math.min(window, maxAge) : window;
}

/** The configuration of the plan's stream. */
export function streamConfig(plan: StreamPlan): Partial<StreamConfig> & { name: string } {
  return {
    name: plan.name,
    subjects: plan.subjects.map(({ pattern }) => pattern),
    retention: plan.retention,
    storage: plan.storage,
    num_replicas: plan.replicas,
    max_age: nanos(plan.maxAge),
    max_bytes: plan.maxBytes,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    duplicate_window: nanos(dedupeWindow(plan)),
    discard: 'new',
    no_ack: false,
  };
}

/** What the plan fixes of a stream. A limit that shrinks may delete messages at once, so a person does that. */
export const STREAM_SETTINGS: readonly Setting<StreamPlan, StreamInfo>[] = [
  {
    name: 'subjects',
    expected: (plan) => subjectsText(plan.subjects.map(({ pattern }) => pattern)),
    found: ({ config }) => subjectsText(config.subjects ?? []),
    // A subject that is taken away leaves its messages in the stream, and nobody would get them.
    fixable: (plan, { config }) =>
      (config.subjects ?? []).every((subject) => plan.subjects.some(({ pattern }) => pattern === subject)),
  },
  {
    name: 'retention',
    expected: (plan) => plan.retention,
    found: ({ config }) => config.retention,
    fixable: never,
  },
  {
    name: 'storage',
    expected: (plan) => plan.storage,
    found: ({ config }) => config.storage,
    fixable: never,
  },
  {
    name: 'num_replicas',
    expected: (plan) => String(plan.replicas),
    found: ({ config }) => String(config.num_replicas),
    fixable: always,
  },
  {
    name: 'max_age',
    expected: (plan) => ageText(plan.maxAge),
    found: ({ config }) => ageText(millis(config.max_age)),
    fixable: (plan, { config, state }) =>
      state.messages === 0 ||
      plan.maxAge === 0 ||
      (config.max_age > 0 && plan.maxAge >= millis(config.max_age)),
  },
  {
    name: 'max_bytes',
    expected: (plan) => limitText(plan.maxBytes, 'bytes'),
    found: ({ config }) => limitText(config.max_bytes, 'bytes'),
    fixable: (plan, { state }) => plan.maxBytes <= 0 || plan.maxBytes >= state.bytes,
  },
  {
    name: 'duplicate_window',
    expected: (plan) => durationText(dedupeWindow(plan)),
    found: ({ config }) => durationText(millis(config.duplicate_window)),
    fixable: always,
  },
  // A full stream must refuse: with `old` it drops messages that nobody has read.
  { name: 'discard', expected: () => 'new', found: ({ config }) => config.discard, fixable: always },
  {
    name: 'max_msgs',
    expected: () => 'unlimited',
    found: ({ config }) => limitText(config.max_msgs, 'messages'),
    fixable: always,
  },
  {
    name: 'max_msgs_per_subject',
    expected: () => 'unlimited',
    found: ({ config }) => limitText(config.max_msgs_per_subject, 'messages'),
    fixable: always,
  },
  {
    name: 'max_msg_size',
    expected: () => 'unlimited',
    found: ({ config }) => limitText(config.max_msg_size, 'bytes'),
    fixable: always,
  },
  // Without acknowledgements a publisher can never say that a message is stored.
  {
    name: 'no_ack',
    expected: () => 'false',
    found: ({ config }) => String(config.no_ack ?? false),
    fixable: always,
  },
  {
    name: 'sealed',
    expected: () => 'false',
    found: ({ config }) => String(config.sealed ?? false),
    fixable: never,
  },
  {
    name: 'mirror',
    expected: () => 'none',
    found: ({ config }) => config.mirror?.name ?? 'none',
    fixable: never,
  },
];

function subjectsText(subjects: readonly string[]): string {
  return subjects.toSorted().join(', ');
}

function ageText(milliseconds: number): string {
  return milliseconds === 0 ? 'unlimited' : durationText(milliseconds);
}
