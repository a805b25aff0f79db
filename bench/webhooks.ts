import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { createRequire } from 'node:module';
import { processTerminal } from '../src/cli/terminal.ts';
import { loadPlan } from '../src/cli/program-file.ts';
import type { Bench, Outcome } from './bench.ts';
import { evaluationOutcome, type Message } from './evaluating.ts';

/** What GitHub calls the messages of `bench/webhooks.nom`. */
const ENTITIES: Readonly<Record<string, string>> = {
  push: 'Push',
  pull_request: 'PullRequest',
  issue_comment: 'IssueComment',
  workflow_run: 'WorkflowRun',
  check_run: 'CheckRun',
};

/** How often each example is evaluated in one pass. */
const COPIES = 40;

/** Real bodies, of 7 to 24 KB on average, most of whose keys no field reads. */
export function webhooks({ root, repeats }: Bench): Outcome {
  const { plan } = loadPlan(`${root}/bench/webhooks.nom`, processTerminal());
  const definitions = createRequire(import.meta.url)(
    '@octokit/webhooks-examples',
  ) as readonly WebhookDefinition[];
  const messages = definitions.flatMap(({ name, examples }): readonly Message[] => {
    const entity = ENTITIES[name];
    return entity === undefined ? [] : examples.map((example) => ({ entity, body: JSON.stringify(example) }));
  });
  return evaluationOutcome(
    { plan, repeats },
    {
      what: 'a webhook of GitHub',
      messages: Array.from({ length: COPIES }, () => messages).flat(),
      target: 1.5,
    },
  );
}
