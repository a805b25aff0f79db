import type { Telemetry } from '../../ports/telemetry.ts';

/** Tells every listener. */
export function toAll(listeners: readonly Telemetry[]): Telemetry {
  return {
    record(event) {
      for (const listener of listeners) listener.record(event);
    },
  };
}
