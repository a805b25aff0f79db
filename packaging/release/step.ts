import { spawnSync } from 'node:child_process';
import { root } from './places.ts';

/** Of a step that this machine has no program for. */
export const NOT_HERE = 3;

/** Whether the step only makes its file, and says what it would publish. */
export const dryRun = process.argv.includes('--dry-run');

/** Runs a program and shows what it prints; ends the step where it fails. */
export function run(program: string, args: readonly string[], input?: string): void {
  const { error, signal, status } = spawnSync(program, args, {
    cwd: root,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    ...(input === undefined ? {} : { input }),
  });
  const command = [program, ...args.slice(0, 2)].join(' ');
  if (error !== undefined) refuse(`${command} did not start: ${error.message}`);
  if (status !== 0) refuse(`${command} ended with ${signal ?? `status ${status}`}`);
}

/** What a program prints; undefined where it fails or is missing. */
export function printed(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs a command that publishes; in a dry run it only shows the command. */
export function publish(program: string, args: readonly string[]): void {
  if (dryRun) process.stdout.write(`would run: ${[program, ...args].join(' ')}\n`);
  else run(program, args);
}

/** Ends the step with one line. */
export function refuse(reason: string, status = 1): never {
  process.stderr.write(`error: ${reason}\n`);
  process.exit(status);
}
