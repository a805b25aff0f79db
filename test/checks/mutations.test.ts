import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { runs } from '../support/property-runs.ts';

const folders = ['../examples/', '../examples/rejected/', './'].map((path) => new URL(path, import.meta.url));

const programs = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.nom'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);

/** The texts between which a program is cut: tokens with the blanks and comments before them. */
function pieces(text: string): readonly string[] {
  const starts = [0, ...tokenize(text).tokens.map((token) => token.startOffset), text.length];
  return starts.slice(1).map((end, at) => text.slice(starts[at], end));
}

type Mutation = {
  readonly kind: 'delete' | 'repeat' | 'swap' | 'graft';
  readonly at: number;
  readonly other: number;
};

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('delete', 'repeat', 'swap', 'graft'),
  at: fc.nat(10_000),
  other: fc.nat(10_000),
});

function mutate(parts: readonly string[], donor: readonly string[], { kind, at, other }: Mutation): string[] {
  const index = at % parts.length;
  const second = other % parts.length;
  const changed = [...parts];
  switch (kind) {
    case 'delete':
      changed.splice(index, 1);
      return changed;
    case 'repeat':
      changed.splice(index, 0, ` ${parts[index] ?? ''} `);
      return changed;
    case 'swap':
      [changed[index], changed[second]] = [` ${changed[second] ?? ''} `, ` ${changed[index] ?? ''} `];
      return changed;
    case 'graft':
      changed.splice(index, 1, ` ${donor[other % donor.length] ?? ''} `);
      return changed;
  }
}

const mutated = fc
  .tuple(
    fc.constantFrom(...programs),
    fc.constantFrom(...programs),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
  )
  .map(([program, donor, mutations]) => {
    const donated = pieces(donor);
    return mutations
      .reduce<readonly string[]>((parts, each) => mutate(parts, donated, each), pieces(program))
      .join('');
  });

test('no text crashes the checker, and every place that it names is inside the file', () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const file = { name: 'mutated.nom', text };
      const { program, findings, accepted } = analyze(file);
      for (const { primary, related } of findings)
        for (const { span } of [primary, ...related]) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(span.file).toBe(file);
        }
      renderText(findings);
      if (accepted) compilePlan(program, file.name);
    }),
    { numRuns: runs(3000) },
  );
}, 60_000);
