import { parseAllDocuments } from 'yaml';

/** An object of Kubernetes, as far as the tests look into it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec: PodSpec };
    readonly [field: string]: unknown;
  };
}

export interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly terminationGracePeriodSeconds?: number;
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext?: unknown;
  readonly resources?: unknown;
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly scheme: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Volume {
  readonly name: string;
  readonly configMap?: {
    readonly name: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
}

export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`not YAML: ${document.errors[0]?.message}`);
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

/** The one object of a kind with a name that ends like this. */
export function manifest(all: readonly Manifest[], kind: string, end = ''): Manifest {
  const found = all.filter((each) => each.kind === kind && each.metadata.name.endsWith(end));
  if (found[0] === undefined || found.length > 1)
    throw new Error(`expected one ${kind} …${end}, found ${found.length}`);
  return found[0];
}

export function podOf({ kind, spec }: Manifest): PodSpec {
  if (spec?.template === undefined) throw new Error(`${kind} has no Pod`);
  return spec.template.spec;
}
