import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../support/nomnom.ts';

const read = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8');

// As grafana.com/docs/grafana/latest/administration/provisioning lists them; of the optional keys, those that we use.
const datasources = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string().regex(/^[\w-]{1,40}$/),
      type: z.literal('prometheus'),
      access: z.enum(['proxy', 'direct']),
      url: z.url(),
      isDefault: z.boolean(),
      editable: z.boolean(),
      jsonData: z.strictObject({ timeInterval: z.string().regex(/^\d+s$/) }),
    }),
  ),
});
const dashboards = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.literal('file'),
      disableDeletion: z.boolean(),
      allowUiUpdates: z.boolean(),
      options: z.strictObject({ path: z.string().startsWith('/') }),
    }),
  ),
});
const composeFile = z.object({
  services: z.object({
    prometheus: z.object({ ports: z.array(z.string()) }),
    grafana: z.object({ configs: z.array(z.object({ source: z.string(), target: z.string() })) }),
  }),
  configs: z.record(z.string(), z.object({ file: z.string() })),
});

test('Grafana gets its Prometheus and the dashboard where it looks for them', () => {
  const { services, configs } = composeFile.parse(parse(read('compose.yaml'), { merge: true }));
  const mounted = new Map(
    services.grafana.configs.map(({ source, target }) => [target, configs[source]?.file]),
  );
  const [source] = datasources.parse(parse(read('grafana/datasources.yaml'))).datasources;
  expect(mounted.get('/etc/grafana/provisioning/datasources/nomnom.yaml')).toBe('./grafana/datasources.yaml');
  expect(source?.url).toBe('http://prometheus:9090');
  expect(services.prometheus.ports.join()).toMatch(/:9090$/);

  const [provider] = dashboards.parse(parse(read('grafana/dashboards.yaml'))).providers;
  expect(mounted.get('/etc/grafana/provisioning/dashboards/nomnom.yaml')).toBe('./grafana/dashboards.yaml');
  expect(mounted.get(`${provider?.options.path}/nomnom.json`)).toBe('./grafana/nomnom.json');
  // The dashboard chooses the only source of this type.
  const { templating } = JSON.parse(read('grafana/nomnom.json')) as {
    readonly templating: { readonly list: readonly { readonly type: string; readonly query: unknown }[] };
  };
  expect(templating.list.find(({ type }) => type === 'datasource')?.query).toBe(source?.type);
  const { scrape_interval: interval } = z
    .object({ global: z.object({ scrape_interval: z.string() }) })
    .parse(parse(read('prometheus/prometheus.yaml'))).global;
  expect(source?.jsonData.timeInterval).toBe(interval);
});
