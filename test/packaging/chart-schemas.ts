import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goModule, kubernetesSchemas } from './chart-tools.ts';

/** Where KEDA and the Prometheus operator define what the chart uses of them. */
const DEFINITIONS = [
  { module: 'github.com/kedacore/keda/v2@v2.17.2', folder: 'config/crd/bases', kinds: /scaledobjects/ },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.82.2',
    folder: 'example/prometheus-operator-crd',
    kinds: /(service|pod)monitors|prometheusrules/,
  },
] as const;

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: object };
    }[];
  };
}

/** Fills a folder with the schemas of every kind that the chart can make; gives what kubeconform calls a schema location. */
export async function writeSchemas(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const source = await kubernetesSchemas();
  for (const name of readdirSync(source)) {
    if (!/^(_definitions|\w+(-\w+)?-v\d)\.json$/.test(name)) continue;
    // They name each other by an address of the web.
    const { $id: _, ...schema } = JSON.parse(
      readFileSync(join(source, name), 'utf8').replaceAll('"/api/_definitions.json', '"_definitions.json'),
    ) as Record<string, unknown>;
    writeFileSync(join(folder, name), JSON.stringify(schema));
  }
  for (const { module, folder: inside, kinds } of DEFINITIONS) {
    const definitions = join(await goModule(module), inside);
    for (const name of readdirSync(definitions).filter((each) => kinds.test(each))) {
      const { spec } = parse(readFileSync(join(definitions, name), 'utf8')) as Definition;
      const group = spec.group.split('.')[0];
      for (const version of spec.versions) {
        const file = `${spec.names.kind.toLowerCase()}-${group}-${version.name}.json`;
        writeFileSync(join(folder, file), JSON.stringify(strict(version.schema.openAPIV3Schema)));
      }
    }
  }
  return `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`;
}

/** A key that the definition does not know is dropped by Kubernetes without a word; here it is an error. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  if (made['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  const open =
    made['x-kubernetes-preserve-unknown-fields'] === true || made['additionalProperties'] !== undefined;
  const isObject = typeof made['properties'] === 'object' && made['type'] === 'object';
  // The metadata of every resource has nothing but its type.
  return isObject && !open ? { ...made, additionalProperties: false } : made;
}
