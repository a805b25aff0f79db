import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Receiver, Signal } from './otlp-settings.ts';

/** Milliseconds for which a request may have a connection; the exporter counts only those without a byte. */
const WITHIN = 10_000;
/** Bytes of one answer: that of a receiver has some hundred. */
export const MOST_OF_AN_ANSWER = 1024 * 1024;
const LOOK_EVERY = 250;

/** Makes the connections of an exporter for a protocol such as `https:`. */
export type AgentFactory = (protocol: string) => Promise<Agent>;

/**
 * Connections that end where an answer does not: one that goes on byte by byte, or has no end, would keep its connection, and each
 * export makes another one. With the certificates of the receiver of this signal.
 */
export function boundedAgent(receivers: readonly Receiver[], signal: Signal): AgentFactory {
  const { ca, cert, key } = receivers.find((receiver) => receiver.signal === signal) ?? {};
  return async (protocol) => {
    // Loaded late, as OpenTelemetry asks.
    if (protocol !== 'https:') return new (bounded((await import('node:http')).Agent))({ keepAlive: true });
    const options = { keepAlive: true, ca, cert, key };
    return new (bounded((await import('node:https')).Agent))(options);
  };
}

function bounded(Base: typeof Agent): typeof Agent {
  return class extends Base {
    readonly #watches = new WeakMap<object, NodeJS.Timeout>();

    override createConnection(...args: Parameters<Agent['createConnection']>) {
      const socket = super.createConnection(...args);
      if (socket !== null && socket !== undefined) this.#watch(socket as Socket);
      return socket;
    }

    override keepSocketAlive(socket: Socket): boolean {
      clearInterval(this.#watches.get(socket));
      return super.keepSocketAlive(socket) as unknown as boolean;
    }

    override reuseSocket(...[socket, request]: Parameters<Agent['reuseSocket']>): void {
      super.reuseSocket(socket, request);
      this.#watch(socket as Socket);
    }

    #watch(socket: Socket): void {
      const until = performance.now() + WITHIN;
      const most = socket.bytesRead + MOST_OF_AN_ANSWER;
      const watch = setInterval(() => {
        if (performance.now() < until && socket.bytesRead < most) return;
        socket.destroy(new Error('the answer of the receiver has no end'));
      }, LOOK_EVERY);
      watch.unref();
      socket.once('close', () => clearInterval(watch));
      this.#watches.set(socket, watch);
    }
  };
}
