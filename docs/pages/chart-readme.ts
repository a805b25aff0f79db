import { chartValues } from './chart-values.ts';
import { code, table } from './markdown.ts';

const HEAD = `# The chart nomnom

Runs a \`.nom\` file on Kubernetes: a Job that applies it, ingest, and workers. It needs Helm 3, a Postgres, and a NATS if the queue shall
not be in Postgres. It makes no Secret and runs no database.

    kubectl create secret generic shop-postgres --from-literal=apply-url=… --from-literal=ingest-url=… --from-literal=worker-url=…
    helm install shop deploy/chart/nomnom --set database.existingSecret=shop-postgres --set pipeline.file=shop.nom \\
      --set-file 'pipeline.files.shop\\.nom=shop.nom' --set toolbox.enabled=true
    kubectl exec deployment/shop-toolbox -- nomnom keys create shop.nom pos --yes

\`helm template\` knows no cluster, and a helm that \`go install\` built takes Kubernetes for 1.20 then: add \`--kube-version 1.33.0\`.

docs/kubernetes.md says how to install, upgrade, roll back and scale, and what each object is for. \`ci/\` has values for several uses.

## Values

values.schema.json refuses a value that is not in this table, and one of the wrong kind.

`;

/** The README of the chart, from the comments in its values.yaml. */
export function chartReadme(values: string): string {
  const rows = chartValues(values).map(({ path, standard, about }) => [
    code(path),
    standard === '' ? '' : code(standard),
    about,
  ]);
  return HEAD + table(['value', 'default', 'meaning'], rows);
}
