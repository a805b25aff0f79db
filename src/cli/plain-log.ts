import type { Log, LogFields } from '../ports/log.ts';
import { visible } from '../text/visible.ts';

/**
 * A log that a person reads while a command runs: warnings and errors only, each on one line, `name: what happened (code, reason)`. Text of
 * servers and strangers cannot steer the terminal.
 */
export function plainLog(name: string, write: (line: string) => void): Log {
  const tell = (fields: LogFields, message: string): void => {
    const details = Object.entries(fields).flatMap(([key, value]) => detailOf(key, value));
    const line = `${name}: ${message}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
    write(`${visible(line)}\n`);
  };
  return { debug() {}, info() {}, warn: tell, error: tell };
}

/** Fields whose value says enough without their name. */
const BARE = new Set(['code', 'reason', 'message']);

function detailOf(key: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map(textOf);
  const text = textOf(value);
  return [BARE.has(key) || typeof value === 'object' ? text : `${key.replaceAll('_', ' ')} ${text}`];
}

/** Of a reason of readiness its check and message, of an error its message. */
function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('check' in value && 'message' in value) return `${String(value.check)}: ${String(value.message)}`;
  return JSON.stringify(value);
}
