import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { executable, root } from '../support/nomnom.ts';
import { findProgram, freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { type Container, type Manifest, manifest, type PodSpec, type Probe } from './manifests.ts';

const execute = promisify(execFile);

/** What a cluster would give to Pods. */
export interface Surroundings {
  readonly folder: string;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The ConfigMaps that exist when the Pod starts. */
  readonly manifests: readonly Manifest[];
}

/** A container of a Pod, run as a process of this machine. */
export interface PodProcess {
  readonly url: string;
  output(): string;
  ended(): Promise<number | null>;
  /** Whether a probe would be green now. */
  isGreen(probe: 'livenessProbe' | 'readinessProbe'): Promise<boolean>;
  /** Waits as the kubelet would until the Pod gets requests. */
  ready(): Promise<void>;
  /** Ends it as the kubelet would, and expects that it ends by itself and in order. */
  stop(): Promise<void>;
  kill(): void;
}

/** Starts a container with its command, environment, volumes and working directory. The port is another one, which is free. */
export async function startContainer(
  pod: PodSpec,
  container: Container,
  around: Surroundings,
): Promise<PodProcess> {
  const port = await freePort();
  const folders = volumes(pod, container, around);
  const inside = (text: string): string => {
    const at = [...folders.keys()].find((path) => text.startsWith(`${path}/`));
    return at === undefined ? text : `${folders.get(at)}${text.slice(at.length)}`;
  };
  const env = environment(container, around);
  const args = (container.args ?? []).map((arg) =>
    arg
      .replaceAll(/\$\((\w+)\)/g, (_, name: string) => env[name] ?? '')
      .replace('=8080', `=${port}`)
      .replace(/(?<==)\/.*/, inside),
  );
  const [program, ...before] = commandOf(container);
  const cwd = folders.get('/pipeline') ?? around.folder;
  const child = spawn(program, [...before, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const ending = once(child, 'close').then(([status]) => status as number | null);
  const ask = async (probe: Probe | undefined): Promise<boolean> => {
    if (probe === undefined) throw new Error(`${container.name} has no such probe`);
    if (child.exitCode !== null) throw new Error(`${container.name} ended with ${child.exitCode}:\n${text}`);
    const { scheme, path } = probe.httpGet;
    return (await fetch(`${scheme.toLowerCase()}://127.0.0.1:${port}${path}`)).ok;
  };
  const name = `${container.name} on port ${port}`;
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => text,
    ended: () => ending,
    isGreen: (probe) => ask(container[probe]),
    async ready() {
      await until(`${name} to have started`, () => ask(container.startupProbe));
      await until(`${name} to be ready:\n${text}`, () => ask(container.readinessProbe));
    },
    async stop() {
      const since = performance.now();
      const [before, ...words] = container.lifecycle?.preStop.exec.command ?? [];
      if (before !== undefined) await execute(before, words);
      child.kill('SIGTERM');
      expect({ status: await ending, text: text.slice(-500) }).toMatchObject({ status: 0 });
      const grace = (pod.terminationGracePeriodSeconds ?? 30) * 1000;
      expect(performance.now() - since).toBeLessThan(grace);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Runs the containers of a Job as its Pod does, one after the other; gives the output, and the status of the first that fails. */
export async function runJob(
  pod: PodSpec,
  around: Surroundings,
): Promise<{ readonly status: number | null; readonly output: string }> {
  let output = '';
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const started = await startContainer(pod, container, around);
    const status = await started.ended();
    output += started.output();
    if (status !== 0) return { status, output };
  }
  return { status: 0, output };
}

function environment({ env = [] }: Container, { secrets }: Surroundings): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value ?? ''];
      const { name: secret, key } = valueFrom.secretKeyRef;
      const found = secrets[secret]?.[key];
      if (found === undefined) throw new Error(`there is no Secret ${secret} with the key ${key}`);
      return [name, found];
    }),
  );
}

/** The image of nomnom starts `nomnom`; `command` replaces that. */
function commandOf({ command }: Container): readonly [string, ...string[]] {
  const [name, ...args] = command ?? [];
  if (name === undefined) return [process.execPath, executable()];
  const folders = ['/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/15/bin', join(root, 'bin')];
  const program = findProgram(name, folders);
  if (program === undefined)
    throw new Error(`the test needs ${name} (Debian: apt-get install postgresql-client)`);
  return [program, ...args];
}

/** Lays the ConfigMaps of a container out as the kubelet does, with links to a folder that it can swap; gives each by its path. */
function volumes(
  pod: PodSpec,
  { volumeMounts = [] }: Container,
  { folder, manifests }: Surroundings,
): ReadonlyMap<string, string> {
  return new Map(
    volumeMounts.map(({ name, mountPath }) => {
      const map = pod.volumes.find((volume) => volume.name === name)?.configMap;
      if (map === undefined) throw new Error(`there is no ConfigMap for ${mountPath}`);
      const { data = {} } = manifest(manifests, 'ConfigMap', map.name);
      const mounted = mkdtempSync(join(folder, 'volume-'));
      const items = map.items ?? Object.keys(data).map((key) => ({ key, path: key }));
      const version = '..2026_01_01';
      for (const { key, path } of items) {
        mkdirSync(dirname(join(mounted, version, path)), { recursive: true });
        writeFileSync(join(mounted, version, path), data[key] ?? '');
      }
      symlinkSync(version, join(mounted, '..data'));
      for (const first of new Set(items.map(({ path }) => path.split('/')[0] ?? path)))
        symlinkSync(join('..data', first), join(mounted, first));
      return [mountPath, mounted];
    }),
  );
}
