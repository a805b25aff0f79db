import {
  CodeActionKind,
  CompletionItemKind,
  DiagnosticSeverity,
  MarkupKind,
  SymbolKind as OutlineKind,
  type CodeAction,
  type CompletionItem,
  type Diagnostic as ProtocolDiagnostic,
  type DocumentSymbol,
  type Location,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';
import type { Completion, Completions } from './completions.ts';
import type { OutlineNode } from './outline.ts';
import type { Refactoring } from './refactor.ts';
import type { QuickFix } from './quick-fix.ts';
import type { Edit } from './edit.ts';

/** Gives the text of a file of the program, so that places in it can be counted. */
export type TextOf = (file: SourceFile) => TextDocument;

/* The editor's answers as the protocol wants them: lines and columns from 0, columns in UTF-16 units. */

export function rangeOf(text: TextDocument, { start, end }: Pick<Span, 'start' | 'end'>): Range {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

export function diagnosticOf(text: TextDocument, finding: Diagnostic): ProtocolDiagnostic {
  const help = finding.help === undefined ? '' : `\nhelp: ${finding.help}`;
  return {
    range: rangeOf(text, finding.primary.span),
    severity: finding.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code: finding.code,
    source: 'nomnom',
    message: `${finding.message}${help}`,
    relatedInformation: finding.related
      .filter(({ span }) => span.file === finding.primary.span.file)
      .map(({ span, text: label }) => ({
        location: { uri: text.uri, range: rangeOf(text, span) },
        message: label ?? 'here',
      })),
  };
}

export function editOf(text: TextDocument, { span, text: newText }: Edit): TextEdit {
  return { range: rangeOf(text, span), newText };
}

export function locationOf(textOf: TextOf, span: Span): Location {
  const text = textOf(span.file);
  return { uri: text.uri, range: rangeOf(text, span) };
}

/** The edits by file. */
export function workspaceEditOf(textOf: TextOf, edits: readonly Edit[]): WorkspaceEdit {
  const changes = editsByFile(textOf, edits).map(({ text, edits: each }) => [text.uri, each] as const);
  return { changes: Object.fromEntries(changes) };
}

/** The same, with a warning that somebody agrees to before anything changes. */
export function warnedEditOf(textOf: TextOf, edits: readonly Edit[], warning: string): WorkspaceEdit {
  const id = 'warning';
  return {
    documentChanges: editsByFile(textOf, edits).map(({ text, edits: each }) => ({
      // Of a file that is not open no version is known.
      textDocument: { uri: text.uri, version: text.version === 0 ? null : text.version },
      edits: each.map((edit) => ({ ...edit, annotationId: id })),
    })),
    changeAnnotations: {
      [id]: { label: 'Changes the URL and the subject', description: warning, needsConfirmation: true },
    },
  };
}

interface FileEdits {
  readonly text: TextDocument;
  readonly edits: TextEdit[];
}

/** Programs that have the same file each read it: its address says which one it is. */
function editsByFile(textOf: TextOf, edits: readonly Edit[]): readonly FileEdits[] {
  const files = new Map<string, FileEdits>();
  for (const edit of edits) {
    const text = textOf(edit.span.file);
    const file = files.get(text.uri) ?? { text, edits: [] };
    file.edits.push(editOf(text, edit));
    files.set(text.uri, file);
  }
  return [...files.values()];
}

export function codeActionsOf(
  text: TextDocument,
  fixes: readonly QuickFix[],
  shown: readonly ProtocolDiagnostic[],
): CodeAction[] {
  return fixes.map(({ title, finding, edits }) => {
    const range = rangeOf(text, finding.primary.span);
    const diagnostics = shown.filter(
      (each) => each.code === finding.code && JSON.stringify(each.range) === JSON.stringify(range),
    );
    return {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      // An editor may make a preferred fix unasked: only where there is no choice.
      isPreferred: fixes.filter((each) => each.finding === finding).length === 1,
      edit: { changes: { [text.uri]: edits.map((edit) => editOf(text, edit)) } },
    };
  });
}

const actionKinds: Readonly<Record<Refactoring['kind'], CodeActionKind>> = {
  extract: CodeActionKind.RefactorExtract,
  rewrite: CodeActionKind.RefactorRewrite,
};

export function refactoringActions(text: TextDocument, found: readonly Refactoring[]): CodeAction[] {
  return found.map(({ title, kind, edits }) => ({
    title,
    kind: actionKinds[kind],
    edit: { changes: { [text.uri]: edits.map((edit) => editOf(text, edit)) } },
  }));
}

const completionKinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  pipeline: CompletionItemKind.Module,
  enum: CompletionItemKind.Enum,
  'enum member': CompletionItemKind.EnumMember,
  shape: CompletionItemKind.Struct,
  entity: CompletionItemKind.Class,
  'derived entity': CompletionItemKind.Class,
  lookup: CompletionItemKind.File,
  function: CompletionItemKind.Function,
  parameter: CompletionItemKind.Variable,
  alias: CompletionItemKind.Variable,
  field: CompletionItemKind.Field,
  table: CompletionItemKind.Struct,
  secret: CompletionItemKind.Constant,
  scheme: CompletionItemKind.Function,
  stream: CompletionItemKind.Module,
  subject: CompletionItemKind.Event,
  role: CompletionItemKind.Module,
  setting: CompletionItemKind.Property,
  type: CompletionItemKind.TypeParameter,
  attribute: CompletionItemKind.Property,
  keyword: CompletionItemKind.Keyword,
  value: CompletionItemKind.Value,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

export function completionItems(
  text: TextDocument,
  offset: number,
  { start, items }: Completions,
): readonly CompletionItem[] {
  const range = rangeOf(text, { start, end: offset });
  return items.map(({ label, kind, detail, doc, insert }, at) => ({
    label,
    kind: completionKinds[kind],
    // What belongs to the program stands before what the language brings: the order of the list.
    sortText: String(at).padStart(4, '0'),
    textEdit: { range, newText: insert ?? label },
    ...(detail === '' ? {} : { detail }),
    ...(doc === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }),
  }));
}

export const outlineKinds: Readonly<Record<OutlineNode['kind'], OutlineKind>> = {
  pipeline: OutlineKind.Module,
  import: OutlineKind.File,
  enum: OutlineKind.Enum,
  'enum member': OutlineKind.EnumMember,
  shape: OutlineKind.Struct,
  entity: OutlineKind.Class,
  'derived entity': OutlineKind.Class,
  lookup: OutlineKind.File,
  function: OutlineKind.Function,
  parameter: OutlineKind.Variable,
  alias: OutlineKind.Variable,
  field: OutlineKind.Field,
  table: OutlineKind.Struct,
  secret: OutlineKind.Constant,
  scheme: OutlineKind.Function,
  stream: OutlineKind.Module,
  subject: OutlineKind.Event,
  role: OutlineKind.Module,
  setting: OutlineKind.Property,
  type: OutlineKind.TypeParameter,
  attribute: OutlineKind.Property,
  test: OutlineKind.Method,
};

export function symbolOf(text: TextDocument, node: OutlineNode): DocumentSymbol {
  return {
    // The protocol wants a name that can be read.
    name: node.name.trim() === '' ? node.kind : node.name,
    detail: node.detail,
    kind: outlineKinds[node.kind],
    range: rangeOf(text, node.span),
    selectionRange: rangeOf(text, node.selection),
    children: node.children.map((child) => symbolOf(text, child)),
  };
}
