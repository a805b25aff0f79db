import { systemClock } from '../../src/adapters/system-clock.ts';
import { type Server, type ServerOptions, startServer } from '../../src/http/server.ts';
import { memoryLog } from './memory-log.ts';

/** A server of these routes on a free port of the loopback address, whose process is healthy; the test stops it. */
export function httpServer(options: Partial<ServerOptions> & Pick<ServerOptions, 'routes'>): Promise<Server> {
  return startServer({
    health: { reasons: async () => [], degraded: async () => [] },
    clock: systemClock,
    log: memoryLog(),
    listen: { port: 0, host: '127.0.0.1' },
    ...options,
  });
}
