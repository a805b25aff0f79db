import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type MetricSet, metricSet } from './metric-set.ts';

/** Connections of a process to Postgres. */
export interface ConnectionCounts {
  readonly used: number;
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
  readonly limit: number;
}

/** What belongs to a process and not to one of its roles. */
export interface ProcessMetrics {
  readonly metrics: MetricSet;
  /** A statement in Postgres took so many milliseconds. */
  readonly onStatement: (ms: number) => void;
  /** Reads what is only known when it is asked for. */
  collect(): void;
  stop(): void;
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 100;

export function processMetrics(build: {
  readonly version: string;
  readonly program: string;
}): ProcessMetrics & {
  /** From now on, these connections are counted too. */
  watchConnections(read: () => ConnectionCounts): void;
} {
  const metrics = metricSet();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  metrics.number('nomnom_build_info', build.version, build.program).value = 1;
  metrics.number('process_start_time_seconds').value = Date.now() / 1000 - process.uptime();
  const statements = metrics.histogram('nomnom_statement_duration_seconds');
  let connections: (() => ConnectionCounts) | undefined;
  return {
    metrics,
    onStatement: (ms) => statements.observe(ms / 1000),
    watchConnections(read) {
      connections = read;
    },
    collect() {
      // Its timer costs a process that is never asked nothing.
      delay.enable();
      collectProcess(metrics, delay);
      if (connections !== undefined) collectConnections(metrics, connections());
    },
    stop: () => void delay.disable(),
  };
}

function collectProcess(metrics: MetricSet, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  const { user, system } = process.cpuUsage();
  metrics.number('process_cpu_seconds_total').value = (user + system) / 1e6;
  collectMemory(metrics);
  if (delay.count === 0) return;
  // The monitor measures from one timer to the next, so that it always sees its own interval too.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000);
  metrics.number('nomnom_event_loop_delay_seconds', 'mean').value = late(delay.mean);
  metrics.number('nomnom_event_loop_delay_seconds', 'p99').value = late(delay.percentile(99));
  metrics.number('nomnom_event_loop_delay_seconds', 'max').value = late(delay.max);
  delay.reset();
}

/** Node reads a file for it, which fails without a free descriptor: then the last values stand. */
function collectMemory(metrics: MetricSet): void {
  try {
    const { rss, heapUsed } = process.memoryUsage();
    metrics.number('process_resident_memory_bytes').value = rss;
    metrics.number('nodejs_heap_size_used_bytes').value = heapUsed;
  } catch {}
}

function collectConnections(metrics: MetricSet, { used, idle, waiting, limit }: ConnectionCounts): void {
  metrics.number('nomnom_connections', 'used').value = used;
  metrics.number('nomnom_connections', 'idle').value = idle;
  metrics.number('nomnom_connections', 'waiting').value = waiting;
  metrics.number('nomnom_connections_limit').value = limit;
}
