/** One metric: what `/metrics`, OTLP and the reference page say of it. */
export type MetricDefinition =
  | (Described & { readonly kind: 'counter' | 'gauge' })
  | (Described & {
      readonly kind: 'histogram';
      /** Upper bounds, ascending. */
      readonly buckets: readonly number[];
    });

interface Described {
  readonly help: string;
  /** Also the end of its name, as OpenMetrics asks. */
  readonly unit?: 'seconds' | 'bytes';
  /** Besides `pipeline` and `role`, which every sample has. */
  readonly labels: readonly string[];
}

const MOMENTS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const DELAYS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600];
const SIZES = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];

/**
 * Every metric of a process, by name. The values of labels come from the plan and from the tables of codes, so that their
 * number is bounded whatever anybody sends; they are never ids.
 */
export const METRICS = {
  nomnom_messages_total: {
    kind: 'counter',
    help: 'Messages by what became of them: accepted or refused by ingest; completed, superseded, dead_lettered, retried, or settled_before by a worker.',
    labels: ['entity', 'outcome'],
  },
  nomnom_refused_total: {
    kind: 'counter',
    help: 'Requests and elements of batches that were refused, by the code of the answer. The entity is empty where the program has none of that name.',
    labels: ['entity', 'code'],
  },
  nomnom_accept_duration_seconds: {
    kind: 'histogram',
    help: 'From the last byte of a request to its answer 202.',
    unit: 'seconds',
    labels: [],
    buckets: MOMENTS,
  },
  nomnom_delivered_total: {
    kind: 'counter',
    help: 'Messages that the queue delivered, redeliveries included.',
    labels: [],
  },
  nomnom_redelivered_total: {
    kind: 'counter',
    help: 'Messages that the queue delivered, and not for the first time.',
    labels: [],
  },
  nomnom_batch_messages: {
    kind: 'histogram',
    help: 'Messages in a batch.',
    labels: [],
    buckets: SIZES,
  },
  nomnom_batch_duration_seconds: {
    kind: 'histogram',
    help: 'From the delivery of a batch until each of its messages is settled or given back.',
    unit: 'seconds',
    labels: [],
    buckets: MOMENTS,
  },
  nomnom_commit_delay_seconds: {
    kind: 'histogram',
    help: 'From the acceptance of a message to the commit of its rows.',
    unit: 'seconds',
    labels: ['entity'],
    buckets: DELAYS,
  },
  nomnom_dead_letters_total: {
    kind: 'counter',
    help: 'Messages that became dead letters, by the code of their error.',
    labels: ['entity', 'code'],
  },
  nomnom_retries_total: {
    kind: 'counter',
    help: 'Attempts that failed by the fault of the message, which comes again; by the code of the error.',
    labels: ['entity', 'code'],
  },
  nomnom_unknown_keys_total: {
    kind: 'counter',
    help: 'JSON keys of completed messages that no field reads. An increase shows that a sender changed its format.',
    labels: ['entity'],
  },
  nomnom_dead_letters_unpublished: {
    kind: 'gauge',
    help: 'Dead letters that wait for room in the stream of their subject; the table dead_letters has them.',
    labels: [],
  },
  nomnom_pauses_total: {
    kind: 'counter',
    help: 'How often the worker began to wait for a server or for a changed configuration, by code.',
    labels: ['code'],
  },
  nomnom_paused: {
    kind: 'gauge',
    help: '1 while the worker waits because of this code, else 0.',
    labels: ['code'],
  },
  nomnom_paused_seconds_total: {
    kind: 'counter',
    help: 'Time that the worker has waited, counted when it resumes.',
    unit: 'seconds',
    labels: [],
  },
  nomnom_ready: {
    kind: 'gauge',
    help: '1 while the role can do its job, as /readyz says; else 0.',
    labels: [],
  },
  nomnom_degraded: {
    kind: 'gauge',
    help: '1 if /readyz says degraded: a person should look, for example because messages are lost. Else 0.',
    labels: [],
  },
  nomnom_queue_messages: {
    kind: 'gauge',
    help: 'Messages that wait or are out for delivery. Every process of the pipeline tells the same number; use max.',
    labels: ['stream', 'consumer'],
  },
  nomnom_queue_oldest_age_seconds: {
    kind: 'gauge',
    help: 'Time since the oldest of these messages was accepted; 0 if there is none.',
    unit: 'seconds',
    labels: ['stream', 'consumer'],
  },
  nomnom_queue_orphans: {
    kind: 'gauge',
    help: 'Messages of a stream that no consumer of the program will get. Dead letters do not count.',
    labels: ['stream'],
  },
  nomnom_statement_duration_seconds: {
    kind: 'histogram',
    help: 'A statement in Postgres, from the request to its answer.',
    unit: 'seconds',
    labels: [],
    buckets: MOMENTS,
  },
  nomnom_connections: {
    kind: 'gauge',
    help: 'Connections to Postgres that are used or idle, and callers that are waiting for one.',
    labels: ['state'],
  },
  nomnom_connections_limit: {
    kind: 'gauge',
    help: 'Connections to Postgres that the process opens at most.',
    labels: [],
  },
  nomnom_event_loop_delay_seconds: {
    kind: 'gauge',
    help: 'How late the event loop ran its timers since the last scrape: mean, p99 and max. Absent in the first scrape.',
    unit: 'seconds',
    labels: ['quantity'],
  },
  nomnom_build_info: {
    kind: 'gauge',
    help: 'Always 1; version is that of nomnom, program the fingerprint of the program.',
    labels: ['version', 'program'],
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    help: 'Processor time of the process, user and system.',
    unit: 'seconds',
    labels: [],
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    help: 'Resident memory of the process.',
    unit: 'bytes',
    labels: [],
  },
  process_start_time_seconds: {
    kind: 'gauge',
    help: 'When the process started, since the epoch.',
    unit: 'seconds',
    labels: [],
  },
  nodejs_heap_size_used_bytes: {
    kind: 'gauge',
    help: 'Used heap of JavaScript.',
    unit: 'bytes',
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;

/** The names of one kind of metric. */
export type NameOf<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
