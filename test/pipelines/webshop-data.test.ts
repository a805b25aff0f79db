import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileText, messageFiles } from '../../pipelines/webshop/messages.ts';
import { evaluate, linesOf, pipelinePath, pipelinePlan } from './pipeline.ts';

const plan = pipelinePlan('webshop.nom');
const files = messageFiles(1);

test.each(files)('webshop/$name.ndjson is what the generator makes from seed 1', (file) => {
  expect(fileText(file)).toBe(readFileSync(pipelinePath(`webshop/${file.name}.ndjson`), 'utf8'));
});

test('the script writes the same files into any folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));
  try {
    execFileSync(process.execPath, [pipelinePath('webshop/generate.ts'), '--seed', '1', '--out', folder]);
    for (const file of files)
      expect(readFileSync(join(folder, `${file.name}.ndjson`), 'utf8')).toBe(fileText(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('another seed makes other messages, the same ones each time', () => {
  const made = messageFiles(2).map(fileText);
  expect(made).toEqual(messageFiles(2).map(fileText));
  for (const [at, file] of files.entries()) expect(made[at]).not.toBe(fileText(file));
});

test.each([1, 2, 3])('every message of seed %i is accepted, and no field of it is unknown', (seed) => {
  for (const { entity, messages } of messageFiles(seed))
    for (const message of messages)
      expect(evaluate(plan, entity, JSON.stringify(message))).toMatchObject({
        kind: 'rows',
        unknownFields: 0,
      });
});

test('the messages are of every entity, and write every table', () => {
  expect(files.map(({ entity }) => entity).toSorted()).toEqual(
    plan.entities.map(({ name }) => name).toSorted(),
  );
  const written = new Set<string>();
  for (const { entity, messages } of files)
    for (const message of messages) {
      const result = evaluate(plan, entity, JSON.stringify(message));
      if (result.kind === 'rows')
        for (const [table, rows] of Object.entries(result.rows)) if (rows.length > 0) written.add(table);
    }
  expect([...written].toSorted()).toEqual(plan.tables.map(({ name }) => name).toSorted());
});

interface Wrong {
  readonly entity: string;
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly body: unknown;
}

test.each(linesOf('webshop/rejected.ndjson').map((line) => JSON.parse(line) as Wrong))(
  'webshop/rejected.ndjson: $entity is rejected with $code at "$pointer" $message',
  ({ entity, code, pointer, message, body }) => {
    expect(evaluate(plan, entity, JSON.stringify(body))).toMatchObject({
      kind: 'rejected',
      rejection: { entity, code, pointer, message: expect.stringContaining(message) },
    });
  },
);
