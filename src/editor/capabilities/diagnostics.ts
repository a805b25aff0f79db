import {
  DocumentDiagnosticReportKind,
  type Diagnostic as ProtocolDiagnostic,
  type FullDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { At, Capability } from '../capability.ts';
import type { Document } from '../document.ts';
import { ownFindings } from '../own-findings.ts';
import { diagnosticOf } from '../protocol.ts';

/** Findings for an editor that asks for them. One that does not gets them when they change. */
export const diagnostics: Capability = {
  announces: {
    diagnosticProvider: { identifier: 'nomnom', interFileDependencies: true, workspaceDiagnostics: false },
  },
  serve: ({ connection, within, opened }) => {
    const ids = new WeakMap<Document, string>();
    let count = 0;
    const idOf = (document: Document): string => {
      const id = ids.get(document) ?? String((count += 1));
      ids.set(document, id);
      return id;
    };
    connection.languages.diagnostics.on(
      ({ textDocument, previousResultId }) =>
        within(textDocument, (at) => {
          const resultId = idOf(at.document);
          if (resultId === previousResultId)
            return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
          const open = new Set(opened().map(({ document }) => document.file.name));
          const relatedDocuments = importedFindings(at, open);
          return {
            kind: DocumentDiagnosticReportKind.Full,
            resultId,
            items: ownFindings(at.document).map((finding) => diagnosticOf(at.text, finding)),
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
