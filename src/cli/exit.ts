/** Exit status of every command: 0 done, 1 the work found or met a fault, 2 the command was used wrongly. */
export const EXIT = { done: 0, fault: 1, usage: 2 } as const;

/** Ends a command with a message for the person who ran it, and a status. Expected: no stack is shown. */
export class Ended extends Error {
  readonly status: number;
  /** What the person can do. */
  readonly help: string | undefined;

  constructor(status: number, message: string, help?: string) {
    super(message);
    this.name = 'Ended';
    this.status = status;
    this.help = help;
  }
}

export function usage(message: string): Ended {
  return new Ended(EXIT.usage, message);
}

export function fault(message: string, help?: string): Ended {
  return new Ended(EXIT.fault, message, help);
}
