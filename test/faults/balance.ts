import type { Property } from './properties.ts';
import type { FaultRun } from './run-faults.ts';

/** The balance sheet of a run, as Markdown that is also readable as it stands. */
export function balanceSheet(run: FaultRun): string {
  const { faults, readiness, sending, lost, deploy, processes, state, times, wrong, left } = run;
  const byStatus = new Map<string, number>();
  for (const { status } of state.statuses) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  const byReason = new Map<string, number>();
  for (const { constraint, error_code: code } of state.dead) {
    const reason = constraint ?? code;
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const retried = state.statuses.filter(
    ({ status, retry_count: count }) => status === 'completed' && count > 0,
  );
  const { facts } = sending;
  const full = facts.refused.get('queue_full') ?? 0;
  const rows = Object.entries(state.tables).map(([table, found]) => `${table} ${found.size}`);
  const sum = (of: (facts: (typeof processes)[number]) => number): number =>
    processes.reduce((total, each) => total + of(each), 0);
  return [
    headerOf(run),
    '',
    `| | |`,
    `| --- | --- |`,
    `| accepted | ${sending.accepted.size} |`,
    `| completed | ${byStatus.get('completed') ?? 0} (${retried.length} of them after retries) |`,
    `| superseded | ${byStatus.get('superseded') ?? 0} |`,
    `| dead | ${byStatus.get('dlq') ?? 0} (${listed(byReason)}) |`,
    ...(lost.ids.size + lost.unknown.size === 0
      ? []
      : [
          `| lost | ${lost.ids.size} by their status, ${lost.unknown.size} without any status; ${lost.sentAgain} requests made again |`,
        ]),
    ...(deploy === undefined
      ? []
      : [
          `| two programs | ${deploy.change}, ${deploy.order}; ${facts.outdated.refused} memos refused by the second, ${facts.outdated.doubtful.size} of them perhaps taken by the first, ${facts.outdated.lost.size} of them lost |`,
        ]),
    `| requests | ${facts.requests}, ${facts.unanswered} without an answer, ${facts.repeats} messages repeated under their key |`,
    `| keys used for another body | ${facts.reused.refused} refused, ${facts.reused.taken} taken for the message that has the key while Postgres was away |`,
    `| 503 | ${listed(facts.refused)}; of a full stream ${full} |`,
    `| faults | ${listed(faults)} |`,
    ...(readiness.looks === 0
      ? []
      : [
          `| readyz | red in ${readiness.red}, degraded in ${readiness.degraded} of ${readiness.looks} looks while a server was away (${listed(readiness.reasons)}) |`,
        ]),
    `| left in the queue | ${left} |`,
    `| rows | ${rows.join(', ')} |`,
    `| processes | ${sum(({ starts }) => starts)} starts, ${sum(({ refusedStarts }) => refusedStarts)} refused while an index was missing, ${sum(({ pauses }) => pauses)} pauses, ${sum(({ crashes }) => crashes.length)} crashes |`,
    `| peak memory | ${processes.map(({ name, peak }) => `${name} ${peak} MB`).join(', ')} |`,
    `| time | ${times.disturbed.toFixed(1)} s of faults; all accepted ${times.accepting.toFixed(1)} s, recovered ${times.recovery.toFixed(1)} s, at rest ${times.rest.toFixed(1)} s after the last, with ${times.left} messages still to send |`,
    `| verdict | ${wrong.length === 0 ? 'everything as promised' : `${wrong.length} disagreements`} |`,
    ...(wrong.length === 0 ? [] : ['', ...wrong.map((line) => `- ${line}`)]),
  ].join('\n');
}

/** What a round is like, and how to have it again. */
function headerOf({ options, natsVersion }: FaultRun): string {
  const { seed, queue, properties, workers, ingests } = options;
  const server = queue === 'jetstream' ? `JetStream (nats-server ${natsVersion})` : 'Postgres';
  return `seed ${seed}, queue ${server}, with ${propertyList(properties)}, ${workers} workers, ${ingests} ingest processes`;
}

/** `pooler, versions`, or `none`, as `--with` takes it. */
export function propertyList(properties: readonly Property[]): string {
  return properties.length === 0 ? 'none' : properties.join(', ');
}

/** `a 1, b 2` by name. */
export function listed(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'none';
  return [...counts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
