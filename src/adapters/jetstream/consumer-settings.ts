import type { ConsumerConfig, ConsumerInfo } from '@nats-io/jetstream';
import { millis, nanos } from '@nats-io/transport-node';
import type { ConsumePlan } from '../../plan/plan.ts';
import { always, durationText, limitText, never, type Setting } from './setting.ts';

/** The configuration of the plan's consumer. */
export function consumerConfig(plan: ConsumePlan): Partial<ConsumerConfig> {
  return {
    durable_name: plan.durable,
    ack_policy: 'explicit',
    deliver_policy: 'all',
    replay_policy: 'instant',
    ack_wait: nanos(plan.ackWait),
    // Attempts are counted in Postgres; past a limit of its own the server would hide a message in the stream.
    max_deliver: -1,
    max_ack_pending: plan.maxAckPending,
    filter_subject: plan.filter,
  };
}

/** What the plan fixes of a consumer. */
export const CONSUMER_SETTINGS: readonly Setting<ConsumePlan, ConsumerInfo>[] = [
  {
    name: 'filter_subject',
    expected: (plan) => plan.filter,
    found: ({ config }) => filterText(config),
    // A consumer that has read on does not go back for what its new filter matches.
    fixable: (_plan, { delivered, config }) =>
      delivered.consumer_seq === 0 && config.filter_subjects === undefined,
  },
  {
    name: 'ack_policy',
    expected: () => 'explicit',
    found: ({ config }) => config.ack_policy,
    fixable: never,
  },
  {
    name: 'deliver_policy',
    expected: () => 'all',
    found: ({ config }) => config.deliver_policy,
    fixable: never,
  },
  {
    name: 'replay_policy',
    expected: () => 'instant',
    found: ({ config }) => config.replay_policy,
    fixable: never,
  },
  {
    name: 'deliver_subject',
    expected: () => 'none, it is pulled from',
    found: ({ config }) => config.deliver_subject ?? 'none, it is pulled from',
    fixable: never,
  },
  {
    name: 'ack_wait',
    expected: (plan) => durationText(plan.ackWait),
    found: ({ config }) => durationText(millis(config.ack_wait ?? 0)),
    fixable: always,
  },
  {
    name: 'max_deliver',
    expected: () => 'unlimited',
    found: ({ config }) => limitText(config.max_deliver, 'deliveries'),
    fixable: always,
  },
  {
    name: 'max_ack_pending',
    expected: (plan) => limitText(plan.maxAckPending, 'messages'),
    found: ({ config }) => limitText(config.max_ack_pending, 'messages'),
    fixable: always,
  },
  {
    name: 'backoff',
    expected: () => 'none',
    found: ({ config }) =>
      (config.backoff ?? []).length === 0
        ? 'none'
        : (config.backoff ?? []).map((each) => durationText(millis(each))).join(', '),
    fixable: always,
  },
  {
    name: 'headers_only',
    expected: () => 'false',
    found: ({ config }) => String(config.headers_only ?? false),
    fixable: always,
  },
];

/** What takes the settings back that a consumer may have and the plan does not know. */
export const CONSUMER_RESETS: Partial<ConsumerConfig> = { headers_only: false, backoff: [] };

function filterText({ filter_subject: one, filter_subjects: several }: ConsumerConfig): string {
  if (several !== undefined && several.length > 0) return several.toSorted().join(', ');
  return one === undefined || one === '' ? 'everything' : one;
}
