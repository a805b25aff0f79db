import type { Span } from '../text/source.ts';
import { positionAt } from '../text/source.ts';
import type { Allowed, CodeDescription, Diagnostic } from './diagnostic.ts';
import { ordered } from './order.ts';

export interface SarifOptions {
  /** Warnings that comments allow: a viewer shows them as suppressed, with the reason. */
  readonly allowed: readonly Allowed[];
  /** Every code that may be found, for the rules of the log. */
  readonly codes: ReadonlyMap<string, CodeDescription>;
  /** The version of nomnom. */
  readonly version: string;
}

/**
 * The findings as a SARIF 2.1.0 log, which code hosts and editors read: one run, its rules with their pages, and a
 * result for each finding and each allowed warning, in order. Relative file names are relative to the root of the sources.
 */
export function renderSarif(
  findings: readonly Diagnostic[],
  { allowed, codes, version }: SarifOptions,
): string {
  const reasons = new Map(allowed.map((each) => [each.warning, each]));
  const all = ordered([...findings, ...reasons.keys()]);
  const used = [...new Set(all.map((finding) => finding.code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'nomnom', version, rules: used.map((code) => ruleOf(code, codes.get(code))) },
        },
        columnKind: 'utf16CodeUnits',
        results: all.map((finding) => resultOf(finding, used.indexOf(finding.code), reasons.get(finding))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: string, description: CodeDescription | undefined): unknown {
  if (description === undefined) return { id };
  const { title, explanation, severity } = description;
  return {
    id,
    shortDescription: { text: title },
    help: { text: explanation, markdown: explanation },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(
  { code, severity, message, primary, related, help }: Diagnostic,
  ruleIndex: number,
  allowed: Allowed | undefined,
): unknown {
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: help === undefined ? message : `${message}\nhelp: ${help}` },
    locations: [{ physicalLocation: placeOf(primary.span), ...messageOf(primary.text) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((label, id) => ({
            id,
            physicalLocation: placeOf(label.span),
            ...messageOf(label.text),
          })),
        }),
    // In one run all results say whether they are suppressed, or none does (section 3.27.23).
    suppressions: allowed === undefined ? [] : [suppressionOf(allowed)],
  };
}

function suppressionOf({ reason, span }: Allowed): unknown {
  return { kind: 'inSource', justification: reason, location: { physicalLocation: placeOf(span) } };
}

function messageOf(text: string | undefined): { message?: { text: string } } {
  return text === undefined || text === '' ? {} : { message: { text } };
}

function placeOf({ file, start, end }: Span): unknown {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return {
    artifactLocation: locationOf(file.name),
    region: {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    },
  };
}

/** A file name as a URI reference. */
function locationOf(name: string): unknown {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri.replace('%3A', ':')}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}
