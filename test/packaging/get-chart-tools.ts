import { chartProgram, kubernetesSchemas } from './chart-tools.ts';

/** Gets what the tests of the chart need, before they run: `npm run chart:tools`. */
for (const name of ['helm', 'kubeconform'] as const) process.stdout.write(`${await chartProgram(name)}\n`);
process.stdout.write(`${await kubernetesSchemas()}\n`);
