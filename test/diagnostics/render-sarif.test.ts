import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { codes } from '../../src/checks/codes.ts';
import type { Allowed, Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderSarif } from '../../src/diagnostics/render-sarif.ts';
import { everyFile } from '../syntax/sources.ts';

const analyses = everyFile.map((source) => analyze(source));
const findings = analyses.flatMap((analysis) => analysis.findings);
const allowed = analyses.flatMap((analysis) => analysis.allowed);

function logOf(all: readonly Diagnostic[], hidden: readonly Allowed[] = []): unknown {
  return JSON.parse(renderSarif(all, { allowed: hidden, codes, version: '1.2.3' }));
}

test('a log of every kind of finding is valid by the schema of SARIF 2.1.0', () => {
  // The schema of OASIS as published. What differs between its draft 4 and draft 7 are the names of its own identity.
  const text = readFileSync(new URL('./sarif-2.1.0.schema.json', import.meta.url), 'utf8');
  const { id: _id, $schema: _schema, ...schema } = JSON.parse(text) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  validate(logOf(findings, allowed));
  expect(validate.errors ?? []).toEqual([]);
  expect(new Set(findings.map((finding) => finding.code)).size).toBeGreaterThan(20);
  expect(allowed.length).toBeGreaterThan(0);
  expect(validate(logOf([]))).toBe(true);
  expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
});

test('a result has its rule with page and help, its region, and the places that explain it', () => {
  const text = 'entity A {\n  id: int\n  at: int\n  store a { key (id)  upsert on (at) }\n}\n';
  const log = logOf(analyze({ name: './my shop/a.nom', text }).findings);
  expect(log).toMatchObject({
    runs: [
      {
        tool: {
          driver: {
            name: 'nomnom',
            version: '1.2.3',
            rules: [{ id: 'NOM201', help: { markdown: expect.stringContaining('ON CONFLICT') as string } }],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'NOM201',
            ruleIndex: 0,
            level: 'error',
            message: { text: expect.stringMatching(/upsert of a is on \(at\).*\nhelp: /) as string },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'my%20shop/a.nom', uriBaseId: '%SRCROOT%' },
                  region: { startLine: 4, startColumn: 33, endLine: 4, endColumn: 37 },
                },
              },
            ],
            relatedLocations: [
              {
                physicalLocation: { region: { startLine: 4 } },
                message: { text: expect.any(String) as string },
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a warning that a comment allows is there, suppressed by its reason; the others are not', () => {
  const text = `entity A { id: int  name: text }
derive B from A as a {
  id = a.id
  // nomnom: allow NOM303 because names are short
  name: text(3) = a.name
  other: text(4) = a.name
  store b { key (id)  upsert on (id) }
}
`;
  const { findings: found, allowed: hidden } = analyze({ name: 'a.nom', text });
  expect(logOf(found, hidden)).toMatchObject({
    runs: [
      {
        tool: { driver: { rules: [{ id: 'NOM303' }] } },
        results: [
          {
            ruleId: 'NOM303',
            level: 'warning',
            locations: [{ physicalLocation: { region: { startLine: 5 } } }],
            suppressions: [
              {
                kind: 'inSource',
                justification: 'names are short',
                location: { physicalLocation: { region: { startLine: 4 } } },
              },
            ],
          },
          {
            ruleId: 'NOM303',
            locations: [{ physicalLocation: { region: { startLine: 6 } } }],
            suppressions: [],
          },
        ],
      },
    ],
  });
});

test('absolute file names become file URIs', () => {
  const uriOf = (name: string): unknown => {
    const log = logOf(analyze({ name, text: 'entity' }).findings) as {
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }] }];
    };
    return log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
  };
  expect(uriOf('/srv/a b.nom')).toBe('file:///srv/a%20b.nom');
  expect(uriOf('C:\\shops\\a.nom')).toBe('file:///C:/shops/a.nom');
});
