import type { ConsumerInfo, JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { ConsumePlan, Plan, StreamPlan } from '../../plan/plan.ts';
import type { Difference } from '../../ports/queue.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { findConsumer, listConsumers } from './find-consumer.ts';
import { isNameOf } from './session-names.ts';
import { consumerConfig, CONSUMER_RESETS, CONSUMER_SETTINGS } from './consumer-settings.ts';
import { isBeingRemade } from './remake.ts';
import { compareSettings, type SettingDifference } from './setting.ts';
import { streamConfig, STREAM_SETTINGS } from './stream-settings.ts';

/** Where the server's streams and consumers disagree with the plan. */
export async function differencesOf(manager: JetStreamManager, plan: Plan): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const descriptions = new Map<string, string | undefined>();
  for (const stream of plan.streams) {
    const found = await streamInfo(manager, stream);
    descriptions.set(stream.name, found?.config.description);
    if (found === undefined) differences.push(missing(`stream ${stream.name}`));
    else differences.push(...named(`stream ${stream.name}`, compareSettings(STREAM_SETTINGS, stream, found)));
    differences.push(...(await foreignCaptures(manager, stream)));
  }
  const find = findingConsumers(manager);
  for (const consumer of consumersOf(plan)) {
    const what = nameOf(consumer);
    const found = await find(consumer);
    if (found === undefined) {
      // A worker makes the consumer of a partition anew whenever it takes it, and another one where it is noted so.
      const comes =
        consumer.partition !== undefined || isBeingRemade(descriptions.get(consumer.stream), consumer);
      if (!comes) differences.push(missing(what));
    } else differences.push(...named(what, compareSettings(CONSUMER_SETTINGS, consumer, found)));
  }
  return differences;
}

/** Creates what is missing and fixes what can be fixed; a line for each thing done. */
export async function applyTo(manager: JetStreamManager, plan: Plan): Promise<readonly string[]> {
  const done: string[] = [];
  for (const stream of plan.streams) done.push(...(await applyStream(manager, stream)));
  const find = findingConsumers(manager);
  for (const consumer of consumersOf(plan)) done.push(...(await applyConsumer(manager, find, consumer)));
  return done;
}

async function applyStream(manager: JetStreamManager, plan: StreamPlan): Promise<string[]> {
  const what = `stream ${plan.name}`;
  const found = await streamInfo(manager, plan);
  if (found === undefined) {
    await manager.streams.add(streamConfig(plan)).catch((error: unknown) => {
      throw apiFailure(error, `creating ${what}`);
    });
    return [`created ${what}`];
  }
  const fixable = compareSettings(STREAM_SETTINGS, plan, found).filter((difference) => difference.fixable);
  if (fixable.length === 0) return [];
  await manager.streams.update(plan.name, pick(streamConfig(plan), fixable)).catch((error: unknown) => {
    throw apiFailure(error, `updating ${what}`);
  });
  return fixable.map((difference) => updated(what, difference));
}

async function applyConsumer(
  manager: JetStreamManager,
  find: FindConsumer,
  plan: ConsumePlan,
): Promise<string[]> {
  const what = nameOf(plan);
  const found = await find(plan);
  if (found === undefined) {
    await manager.consumers.add(plan.stream, consumerConfig(plan)).catch((error: unknown) => {
      throw apiFailure(error, `creating ${what}`);
    });
    return [`created ${what}`];
  }
  const fixable = compareSettings(CONSUMER_SETTINGS, plan, found).filter((difference) => difference.fixable);
  if (fixable.length === 0) return [];
  const config = pick({ ...CONSUMER_RESETS, ...consumerConfig(plan) }, fixable);
  await manager.consumers.update(plan.stream, found.name, config).catch((error: unknown) => {
    throw apiFailure(error, `updating ${what}`);
  });
  return fixable.map((difference) => updated(what, difference));
}

/** Only the settings that may be fixed now: the rest stays as the server has it. */
function pick<T extends object>(config: T, differences: readonly SettingDifference[]): Partial<T> {
  const wanted = new Set(differences.map(({ setting }) => setting));
  return Object.fromEntries(Object.entries(config).filter(([name]) => wanted.has(name))) as Partial<T>;
}

/** Streams outside the plan that capture its subjects: the server lets a subject have one stream only. */
async function foreignCaptures(manager: JetStreamManager, plan: StreamPlan): Promise<Difference[]> {
  const captures: Difference[] = [];
  for (const { name, pattern } of plan.subjects) {
    const owners: string[] = [];
    try {
      for await (const owner of manager.streams.names(pattern)) owners.push(owner);
    } catch (error) {
      throw apiFailure(error, `listing the streams of ${pattern}`);
    }
    for (const owner of owners.filter((each) => each !== plan.name)) {
      captures.push({
        code: 'NOM903',
        what: `stream ${plan.name}, subject ${name}`,
        expected: `${pattern} captured by ${plan.name}`,
        found: `captured by stream ${owner}`,
        fixable: false,
      });
    }
  }
  return captures;
}

function consumersOf(plan: Plan): readonly ConsumePlan[] {
  const consumers = plan.roles.flatMap(({ consumes }) => consumes);
  return [
    ...new Map(consumers.map((consumer) => [`${consumer.stream} ${consumer.durable}`, consumer])).values(),
  ];
}

type FindConsumer = (plan: ConsumePlan) => Promise<ConsumerInfo | undefined>;

/** Looks consumers up; those of partitions in one list for each stream. */
function findingConsumers(manager: JetStreamManager): FindConsumer {
  const lists = new Map<string, Promise<readonly ConsumerInfo[]>>();
  return async (plan) => {
    if (plan.partition === undefined) return findConsumer(manager, plan);
    const list = lists.get(plan.stream) ?? listConsumers(manager, plan.stream);
    lists.set(plan.stream, list);
    return (await list).find(({ name }) => isNameOf(plan, name));
  };
}

function streamInfo(manager: JetStreamManager, { name }: StreamPlan): Promise<StreamInfo | undefined> {
  return unlessMissing(manager.streams.info(name), `stream ${name}`);
}

function nameOf({ durable, stream }: ConsumePlan): string {
  return `consumer ${durable} of stream ${stream}`;
}

function missing(what: string): Difference {
  return { code: 'NOM903', what, expected: 'exists', found: 'does not exist', fixable: true };
}

function named(what: string, differences: readonly SettingDifference[]): Difference[] {
  return differences.map(({ setting, ...rest }) => ({
    code: 'NOM903',
    what: `${what}, ${setting}`,
    ...rest,
  }));
}

function updated(what: string, { setting, expected, found }: SettingDifference): string {
  return `updated ${what}: ${setting} ${expected} (was ${found})`;
}
