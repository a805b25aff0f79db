import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { plainManifests } from '../../packaging/plain-manifests.ts';
import { root } from '../support/nomnom.ts';
import { writeSchemas } from './chart-schemas.ts';
import { chartProgram } from './chart-tools.ts';
import { manifest, manifestsOf, podOf } from './manifests.ts';

const execute = promisify(execFile);
const chart = join(root, 'deploy/chart/nomnom');
const plain = join(root, 'deploy/kubernetes');
const folder = mkdtempSync(join(tmpdir(), 'nomnom-chart-'));
let helm = '';
let schemas = '';
let kubeconform = '';

beforeAll(async () => {
  helm = await chartProgram('helm');
  kubeconform = await chartProgram('kubeconform');
  schemas = await writeSchemas(join(folder, 'schemas'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const template = async (...args: readonly string[]): Promise<string> =>
  (await execute(helm, ['template', 'shop', chart, '--kube-version', '1.33.0', ...args])).stdout;
const conform = (text: string): Promise<{ readonly stdout: string }> => {
  const running = execute(kubeconform, ['-strict', '-summary', '-schema-location', schemas, '-']);
  running.child.stdin?.end(text);
  return running;
};
const errorOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'no error',
    (error: { readonly stdout: string; readonly stderr: string }) => error.stderr + error.stdout,
  );

const cases = readdirSync(join(chart, 'ci'));
describe.each(cases)('with the values of ci/%s', (name) => {
  const values = ['--values', join(chart, 'ci', name)];

  test('helm finds nothing to say, and each object is one that Kubernetes knows', async () => {
    await execute(helm, ['lint', '--strict', '--quiet', '--kube-version', '1.33.0', chart, ...values]);
    const { stdout } = await conform(await template(...values));
    expect(stdout).toMatch(/Valid: [1-9]\d*, Invalid: 0, Errors: 0, Skipped: 0/);
  });

  test('no Pod runs as root, writes to its image, has a right or a token, or takes memory without a limit', async () => {
    const pods = manifestsOf(await template(...values)).flatMap((each) =>
      each.spec?.template === undefined ? [] : [podOf(each)],
    );
    for (const pod of pods) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({ limits: { memory: expect.any(String) as string } });
      }
    }
  });
});

test('kubeconform refuses a field that Kubernetes, KEDA or the operator does not know', async () => {
  const text = await template('--values', join(chart, 'ci/everything.yaml'));
  for (const [from, to] of [
    ['policyTypes:', 'policyTypo:'],
    ['pollingInterval:', 'pollInterval:'],
    ['podMetricsEndpoints:', 'podMetricEndpoints:'],
  ] as const)
    expect(await errorOf(conform(text.replace(from, to)))).toContain('is invalid');
});

describe('values that are wrong', () => {
  const minimal = ['--values', join(chart, 'ci/minimal.yaml')];
  test.each([
    ['a value that is not there', ['--set', 'ingest.replica=3'], /ingest.*replica/],
    ['a word for a number', ['--set-string', 'worker.replicas=three'], /worker.*replicas.*integer/],
    [
      'a way to scale that is not there',
      ['--set', 'worker.autoscaling.kind=lag'],
      /worker.*autoscaling.*kind/,
    ],
    ['no Secret of the database', ['--set', 'database.existingSecret='], /database.*existingSecret/],
    [
      'a password in the URL of NATS',
      ['--set', 'nats.url=nats://me:secret@nats:4222'],
      /nats\.url: expected no user/,
    ],
    [
      'KEDA without a Prometheus',
      ['--set', 'worker.autoscaling.kind=prometheus'],
      /prometheus.*serverAddress/,
    ],
    ['rights for nobody', ['--set', 'database.grants.enabled=true'], /grants.*ingestUser/],
    ['no time to stop', ['--set', 'worker.terminationGracePeriodSeconds=2'], /terminationGracePeriodSeconds/],
    [
      'a file that is missing',
      ['--set', 'pipeline.file=shop.nom'],
      /pipeline\.file: expected one of pipeline\.files \(minimal\.nom\), and found "shop\.nom"/,
    ],
  ])('%s is refused, with its place', async (_, args, message) => {
    const said = await errorOf(template(...minimal, ...args));
    expect(said.replaceAll('\n', ' ')).toMatch(message);
    expect(said).not.toContain('secret@');
  });

  test('files that are larger than a ConfigMap are refused, with both sizes', async () => {
    const big = join(root, 'package-lock.json');
    const args = ['a', 'b', 'c', 'd'].flatMap((name) => [
      '--set-file',
      `pipeline.files.${name}\\.csv=${big}`,
    ]);
    expect(await errorOf(template(...minimal, ...args))).toMatch(
      /expected at most 1000000 bytes.*found \d{7}/,
    );
  });
});

test('the rules of Prometheus are those of deploy/prometheus, word for word', async () => {
  const all = manifestsOf(await template('--values', join(chart, 'ci/everything.yaml')));
  const source: unknown = parse(readFileSync(join(root, 'deploy/prometheus/alerts.yaml'), 'utf8'));
  expect(manifest(all, 'PrometheusRule').spec).toEqual(source);
  const dashboard = readFileSync(join(root, 'deploy/grafana/nomnom.json'), 'utf8');
  const { data } = manifest(all, 'ConfigMap', 'dashboard');
  expect(JSON.parse(data?.['nomnom.json'] ?? '')).toEqual(JSON.parse(dashboard));
});

test('another file is another Pod, and the roles keep theirs until apply has ended', async () => {
  const values = ['--values', join(chart, 'ci/minimal.yaml')];
  const sums = async (...more: readonly string[]) => {
    const all = manifestsOf(await template(...values, ...more));
    return ['ingest', 'worker'].map((name) =>
      JSON.stringify(manifest(all, 'Deployment', name).spec?.template),
    );
  };
  const [ingest, worker] = await sums();
  const [changedIngest, changedWorker] = await sums('--set', 'pipeline.files.minimal\\.nom=pipeline other');
  expect(await sums()).toEqual([ingest, worker]);
  expect(changedIngest).not.toBe(ingest);
  expect(changedWorker).not.toBe(worker);
  const all = manifestsOf(await template(...values));
  const mounted = (kind: string, end: string) => podOf(manifest(all, kind, end)).volumes[0]?.configMap?.name;
  expect(mounted('Job', 'apply')).toBe('shop-apply');
  expect(mounted('Deployment', 'worker')).toBe('shop-pipeline');
});

test('everything that the Job of apply refers to is made before it, and again before a rollback', async () => {
  const all = manifestsOf(await template('--values', join(chart, 'ci/everything.yaml')));
  const hooks = all.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
  const weight = (kind: string): number =>
    Number(hooks.find((each) => each.kind === kind)?.metadata.annotations?.['helm.sh/hook-weight']);
  for (const kind of ['ConfigMap', 'ServiceAccount', 'NetworkPolicy'])
    expect(weight(kind)).toBeLessThan(weight('Job'));
  for (const { metadata } of hooks)
    expect(metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade,pre-rollback');
  const maps = podOf(manifest(hooks, 'Job')).volumes.flatMap(({ configMap }) => configMap?.name ?? []);
  for (const name of maps) manifest(hooks, 'ConfigMap', name);
});

test('a server that is away takes a Pod out of the Service and never restarts it', async () => {
  const all = manifestsOf(await template('--values', join(chart, 'ci/everything.yaml')));
  for (const [role, scheme] of [
    ['ingest', 'HTTPS'],
    ['worker', 'HTTP'],
  ] as const) {
    const [container] = podOf(manifest(all, 'Deployment', role)).containers;
    const asks = (path: string) => ({ httpGet: { path, port: 'http', scheme } });
    expect(container).toMatchObject({
      startupProbe: asks('/healthz'),
      livenessProbe: asks('/healthz'),
      readinessProbe: asks('/readyz'),
    });
  }
});

test('the plain manifests are what the chart makes', async () => {
  const rendered = await execute(helm, [
    ...['template', 'nomnom', chart, '--kube-version', '1.33.0'],
    ...['--values', join(plain, 'values.yaml')],
  ]);
  const { apply, roles } = plainManifests(rendered.stdout);
  expect(readFileSync(join(plain, 'apply.yaml'), 'utf8')).toBe(apply);
  expect(readFileSync(join(plain, 'roles.yaml'), 'utf8')).toBe(roles);
  expect((await conform(`${apply}---\n${roles}`)).stdout).toContain('Invalid: 0, Errors: 0, Skipped: 0');
  expect(apply + roles).not.toMatch(/helm\.sh|Helm/);
});
