import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { plainManifests } from '../../packaging/plain-manifests.ts';
import { root } from '../support/nomnom.ts';
import { writeSchemas } from './chart-schemas.ts';
import { chartProgram } from './chart-tools.ts';
import { type Manifest, manifest, manifestsOf, type PodSpec, podOf } from './manifests.ts';

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
const podsOf = (all: readonly Manifest[]): readonly PodSpec[] =>
  all.flatMap((each) => (each.spec?.template === undefined ? [] : [podOf(each)]));
const containersOf = (pod: PodSpec) => [...(pod.initContainers ?? []), ...pod.containers];

const cases = readdirSync(join(chart, 'ci'));
describe.each(cases)('with the values of ci/%s', (name) => {
  const values = ['--values', join(chart, 'ci', name)];

  test('helm finds nothing to say, and each object is one that Kubernetes knows', async () => {
    await execute(helm, ['lint', '--strict', '--quiet', '--kube-version', '1.33.0', chart, ...values]);
    const { stdout } = await conform(await template(...values));
    expect(stdout).toMatch(/Valid: [1-9]\d*, Invalid: 0, Errors: 0, Skipped: 0/);
  });

  test('no Pod runs as root, writes to its image, has a right or a token, or takes memory without a limit', async () => {
    const { fixedUser } = parse(readFileSync(join(chart, 'ci', name), 'utf8')) as { fixedUser?: boolean };
    // Where the cluster chooses the users, a number of ours would keep each Pod from starting.
    const users = fixedUser === false ? {} : { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 };
    for (const pod of podsOf(manifestsOf(await template(...values)))) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        ...users,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of containersOf(pod)) {
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
      'a wait before the stop that leaves no time for it',
      ['--set', 'ingest.preStopSeconds=25'],
      /ingest\.terminationGracePeriodSeconds: expected at least 35.*found 30/,
    ],
    [
      'users of NATS without a Secret',
      ['--set', 'nats.url=nats://nats:4222', '--set', 'nats.auth=creds'],
      /nats.*existingSecret/,
    ],
    [
      'users of NATS without a NATS',
      ['--set', 'nats.auth=password', '--set', 'nats.existingSecret=nats'],
      /nats.*url/,
    ],
    [
      'a Prometheus that may not reach what it shall read',
      [
        ...['--set', 'monitoring.serviceMonitor.enabled=true'],
        ...['--set', 'networkPolicy.ingestFrom[0].podSelector.matchLabels.app=sender'],
      ],
      /networkPolicy\.metricsFrom: expected the Pods of Prometheus/,
    ],
    [
      'keys of a ConfigMap without a ConfigMap',
      ['--set', 'pipeline.items[0].key=a', '--set', 'pipeline.items[0].path=minimal.nom'],
      /pipeline\.items: expected nothing without pipeline\.existingConfigMap/,
    ],
    [
      'keys of a ConfigMap without the file',
      [
        ...['--set-json', 'pipeline.files=null', '--set', 'pipeline.existingConfigMap=shop-1'],
        ...['--set', 'pipeline.items[0].key=a', '--set', 'pipeline.items[0].path=a.nom'],
      ],
      /pipeline\.file: expected the path of one of pipeline\.items \(a\.nom\), and found "minimal\.nom"/,
    ],
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

  /** Text that does not become much smaller when it is packed. */
  const random = (bytes: number): readonly string[] => {
    const file = join(folder, `${bytes}.csv`);
    writeFileSync(file, randomBytes(bytes).toString('base64').slice(0, bytes));
    return ['--set-file', `pipeline.files.random\\.csv=${file}`];
  };

  test('files that Helm could not keep with its release are refused, with both sizes and the way out', async () => {
    expect(await errorOf(template(...minimal, ...random(300_001)))).toMatch(
      /expected at most 300000 bytes.*found 300\d{3}: make a ConfigMap.*pipeline\.existingConfigMap.*pipeline\.inImage/,
    );
  });

  test('the largest files that are taken fit into the Secret in which Helm keeps a release', async () => {
    const size = 299_000;
    const manifests = await template(...minimal, ...random(size));
    const files = readdirSync(chart, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name)).toString('base64'));
    // As Helm does (pkg/storage/driver/util.go): the release with its chart, its values and what it made, packed.
    const release = JSON.stringify([files, readFileSync(join(folder, `${size}.csv`), 'utf8'), manifests]);
    const packed = gzipSync(release, { level: 9 }).toString('base64');
    expect(packed.length).toBeGreaterThan(size);
    expect(packed.length).toBeLessThan(1024 * 1024);
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
  // The others are of the user.
  for (const name of maps.filter((each) => each.startsWith('shop-'))) manifest(hooks, 'ConfigMap', name);
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

describe.each(['creds', 'password'])('with nats.auth=%s', (auth) => {
  test('each Pod gets the user of its role, and no other', async () => {
    const all = manifestsOf(
      await template(
        ...['--values', join(chart, 'ci/everything.yaml')],
        ...['--set', `nats.auth=${auth}`, '--set', 'nats.existingSecret=shop-nats'],
      ),
    );
    for (const [kind, name, user] of [
      ['Job', 'apply', 'apply'],
      ['Deployment', 'ingest', 'ingest'],
      ['Deployment', 'worker', 'worker'],
      ['Deployment', 'toolbox', 'apply'],
    ] as const) {
      const pod = podOf(manifest(all, kind, name));
      const [container] = containersOf(pod);
      const inFiles = pod.volumes.flatMap(({ secret }) =>
        secret?.secretName === 'shop-nats' ? (secret.items?.map(({ key }) => key) ?? ['every key']) : [],
      );
      const inVariables = containersOf(pod).flatMap(({ env = [] }) =>
        env.flatMap(({ valueFrom }) =>
          valueFrom?.secretKeyRef.name === 'shop-nats' ? valueFrom.secretKeyRef.key : [],
        ),
      );
      const keys = auth === 'creds' ? ['creds'] : ['user', 'password'];
      expect([...inFiles, ...inVariables]).toEqual(keys.map((key) => `${user}-${key}`));
      const names = container?.env?.map((each) => each.name) ?? [];
      for (const variable of ['NATS_CREDS', 'NATS_USER', 'NATS_PASSWORD'])
        expect(names.includes(variable)).toBe((variable === 'NATS_CREDS') === (auth === 'creds'));
    }
  });
});

test('a certificate of an authority is mounted into every container, psql too', async () => {
  const all = manifestsOf(await template('--values', join(chart, 'ci/everything.yaml')));
  const pods = podsOf(all);
  expect(pods).toHaveLength(4);
  for (const pod of pods) {
    expect(pod.volumes).toContainEqual({ name: 'own-authority', configMap: { name: 'own-authority' } });
    for (const container of containersOf(pod)) {
      expect(container.volumeMounts).toContainEqual({
        name: 'own-authority',
        mountPath: '/etc/ssl/own',
        readOnly: true,
      });
      expect(container.env).toContainEqual({ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/ssl/own/ca.crt' });
    }
  }
  const toolbox = podOf(manifest(all, 'Deployment', 'toolbox')).containers[0];
  expect(toolbox?.env).toContainEqual({ name: 'PGCONNECT_TIMEOUT', value: '5' });
});

test('a ConfigMap of the user is mounted under the paths of its keys, and another name is another Pod', async () => {
  const values = ['--values', join(chart, 'ci/nats-jetstream.yaml')];
  const all = manifestsOf(await template(...values));
  const items = [
    { key: 'shop.nom', path: 'shop.nom' },
    { key: 'orders', path: 'parts/orders.nom' },
  ];
  for (const pod of podsOf(all)) expect(pod.volumes[0]?.configMap).toEqual({ name: 'shop-files-7', items });
  const next = manifestsOf(await template(...values, '--set', 'pipeline.existingConfigMap=shop-files-8'));
  for (const role of ['ingest', 'worker'])
    expect(manifest(next, 'Deployment', role).spec?.template).not.toEqual(
      manifest(all, 'Deployment', role).spec?.template,
    );
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
