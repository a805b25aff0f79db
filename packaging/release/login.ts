import { IMAGE } from './places.ts';
import { dryRun, run } from './step.ts';

/** Logs a program in where the image and the chart go, with `REGISTRY_USER` and `REGISTRY_TOKEN`; without them it is taken to be. */
export function login(program: string, command: readonly string[]): void {
  const { REGISTRY_USER: user, REGISTRY_TOKEN: token } = process.env;
  if (dryRun || user === undefined || token === undefined) return;
  const host = IMAGE.split('/')[0] ?? '';
  run(program, [...command, host, '--username', user, '--password-stdin'], token);
}
