import { visibleJson } from '../text/visible.ts';

/** A value as a command prints it, with a line break at its end; `indent` is 0 for one line. Nothing in it can steer a terminal. */
export function jsonText(value: unknown, indent = 2): string {
  return `${visibleJson(JSON.stringify(value, null, indent))}\n`;
}
