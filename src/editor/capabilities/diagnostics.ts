import {
  DocumentDiagnosticReportKind,
  type Diagnostic as ProtocolDiagnostic,
  type FullDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { At, Capability } from '../capability.ts';
import type { Document } from '../document.ts';
import { diagnosticOf } from '../protocol.ts';

/** Findings for an editor that asks for them. One that does not gets them when they change. */
export const diagnostics: Capability = {
  announces: {
    diagnosticProvider: { identifier: 'nomnom', interFileDependencies: true, workspaceDiagnostics: false },
  },
  serve: ({ connection, within, opened, findingsOf }) => {
    const answers = new WeakMap<Document, { readonly id: string; readonly shown: readonly Diagnostic[] }>();
    let count = 0;
    // What is shown of a version may change with the programs beside it.
    const idOf = (document: Document, shown: readonly Diagnostic[]): string => {
      const known = answers.get(document);
      if (known?.shown.length === shown.length && shown.every((each) => known.shown.includes(each)))
        return known.id;
      const id = String((count += 1));
      answers.set(document, { id, shown });
      return id;
    };
    connection.languages.diagnostics.on(
      ({ textDocument, previousResultId }) =>
        within(textDocument, (at) => {
          const shown = findingsOf(at.document);
          const resultId = idOf(at.document, shown);
          if (resultId === previousResultId)
            return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
          const open = new Set(opened().map(({ document }) => document.file.name));
          const relatedDocuments = importedFindings(at, open);
          return {
            kind: DocumentDiagnosticReportKind.Full,
            resultId,
            items: shown.map((finding) => diagnosticOf(at.text, finding)),
            ...(relatedDocuments === undefined ? {} : { relatedDocuments }),
          };
        }) ?? { kind: DocumentDiagnosticReportKind.Full, items: [] },
    );
  },
};

/** What was found in the files that the program imports; those that are open have findings of their own. */
function importedFindings(
  { document: { analysis, imported }, textOf }: At,
  open: ReadonlySet<string>,
): Record<string, FullDocumentDiagnosticReport> | undefined {
  const items = new Map<string, ProtocolDiagnostic[]>();
  for (const finding of analysis.findings) {
    const { file } = finding.primary.span;
    if (file.data === true || !imported.has(file.name) || open.has(file.name)) continue;
    const text = textOf(file);
    items.set(text.uri, [...(items.get(text.uri) ?? []), diagnosticOf(text, finding)]);
  }
  if (items.size === 0) return undefined;
  return Object.fromEntries(
    [...items].map(([uri, each]) => [uri, { kind: DocumentDiagnosticReportKind.Full, items: each }]),
  );
}
