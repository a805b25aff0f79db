import { stat } from 'node:fs/promises';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { SecretValues } from '../ports/secrets.ts';
import { signatureSchemes } from '../signatures/registry.ts';

/** Milliseconds between two looks at the files of secrets. */
const EVERY = 2_000;

export interface Secrets {
  readonly values: SecretValues;
  /** Ends the looks at their files. */
  stop(): void;
}

export interface SecretOptions {
  readonly plan: Plan;
  readonly roles: readonly RolePlan[];
  readonly clock: Clock;
  readonly log: Log;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between two looks at the files. */
  readonly every?: number;
}

interface SecretFile {
  readonly name: string;
  readonly path: string;
  /** Changes with the file; empty where it had no usable value. */
  readonly mark: string;
}

/**
 * The secrets that the roles need, each from the environment variable of its name or from the file that `NAME_FILE` names.
 * A file is read again when it changes; while it has no usable value, those from before stay. Rejects with a `Failure` that
 * says where a value may come from, and never what it is.
 */
export async function openSecrets(options: SecretOptions): Promise<Secrets> {
  const { plan, roles, clock, log, environment = process.env, every = EVERY } = options;
  const values = new Map<string, readonly string[]>();
  const found: SecretFile[] = [];
  const faults: Failure[] = [];
  for (const name of secretsOf(plan, roles)) {
    const text = environment[name] ?? '';
    const path = environment[`${name}_FILE`] ?? '';
    try {
      if (text !== '' && path !== '')
        throw unusable(`both ${name} and ${name}_FILE are set, remove one of them`);
      if (path !== '') found.push({ name, path, mark: await markOf(path) });
      values.set(name, usable(plan, name, path === '' ? text : readText(name, path)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw unusable(faults.map(reasonOf).join('; '));

  const lookAgain = async (known: SecretFile): Promise<SecretFile> => {
    const { name, path } = known;
    const mark = await markOf(path);
    if (mark === known.mark) return known;
    try {
      values.set(name, usable(plan, name, readText(name, path)));
      log.info({ secret: name }, 'a secret was read again: its file has changed');
      return { ...known, mark };
    } catch {
      if (known.mark !== '')
        log.warn({ secret: name }, 'a secret stays as it was: its file has no usable value');
      return { ...known, mark: '' };
    }
  };
  const stopping = new AbortController();
  let files: readonly SecretFile[] = found;
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(every, stopping.signal);
      files = await Promise.all(files.map(lookAgain));
    }
  };
  if (files.length > 0) void watch();
  return { values: (name) => values.get(name) ?? [], stop: () => stopping.abort() };
}

/** The names of the secrets that these roles need: those that entities are signed with, where a role accepts messages. */
export function secretsOf({ entities }: Plan, roles: readonly RolePlan[]): readonly string[] {
  if (roles.every(({ publishes }) => publishes.length === 0)) return [];
  return [...new Set(entities.flatMap(({ signature }) => signature?.secret ?? []))];
}

function readText(name: string, path: string): string {
  try {
    return readNamedFile(path, LARGEST.secret).toString('utf8');
  } catch (error) {
    throw unusable(`the file that ${name}_FILE names cannot be read: ${fileReason(error)}`);
  }
}

/** Changes whenever the file does; empty where there is none. */
async function markOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? '' : `${found.mtimeMs} ${found.ino} ${found.size}`;
}

/** The values of a text, if each can be one of the schemes that use it. */
function usable({ entities }: Plan, name: string, text: string): readonly string[] {
  const values = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (values.length === 0)
    throw unusable(
      `${name} has none, set the environment variable ${name} or name a file with the value in ${name}_FILE`,
    );
  for (const { signature } of entities) {
    if (signature?.secret !== name) continue;
    const scheme = signatureSchemes.get(signature.scheme);
    const fault = values.map((value) => scheme?.secretFault?.(value)).find((each) => each !== undefined);
    if (fault !== undefined) throw unusable(`that of ${name} ${fault}, which \`${signature.scheme}\` needs`);
  }
  return values;
}

function unusable(what: string): Failure {
  return new Failure('SECRET_UNUSABLE', what);
}

function reasonOf({ message, headline }: Failure): string {
  return message.replace(`${headline}: `, '');
}
