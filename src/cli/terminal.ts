/** Where a command writes. */
export interface Terminal {
  /** The product of the command: standard output. */
  out(text: string): void;
  /** What a person should know meanwhile: standard error. */
  note(text: string): void;
  /** Standard output is a terminal. */
  readonly interactive: boolean;
  /** Standard error is a terminal that can move its cursor: progress may be drawn. */
  readonly showsProgress: boolean;
  readonly color: boolean;
}

/** `wanted` says whether the command line allows colors; it is asked after that was read. */
export function processTerminal(wanted: () => boolean = () => true): Terminal {
  const interactive = process.stdout.isTTY;
  return {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    interactive,
    showsProgress: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    get color() {
      return wanted() && colorsIn(process.env, interactive);
    },
  };
}

/**
 * NO_COLOR (no-color.org) comes before FORCE_COLOR (force-color.org); either counts where it is not empty. Without both, a terminal
 * shows colors, unless TERM says that it cannot (`dumb`).
 */
export function colorsIn(
  environment: Readonly<Record<string, string | undefined>>,
  interactive: boolean,
): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return interactive && TERM !== 'dumb';
}
