/** Where a command writes. */
export interface Terminal {
  /** The product of the command: standard output. */
  out(text: string): void;
  /** What a person should know meanwhile: standard error. */
  note(text: string): void;
  /** Standard output is a terminal. */
  readonly interactive: boolean;
  /** Standard error is a terminal: progress may be drawn. */
  readonly showsProgress: boolean;
  readonly color: boolean;
}

export function processTerminal(): Terminal {
  const interactive = process.stdout.isTTY;
  const noColor = process.env['NO_COLOR'];
  return {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    interactive,
    showsProgress: process.stderr.isTTY,
    color: interactive && (noColor === undefined || noColor === ''),
  };
}
