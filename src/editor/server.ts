import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createConnection,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeResult,
  type Location,
  type Position,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileKind, NotRead, ReadFile } from '../model/collect/read-file.ts';
import { formatFile } from '../syntax/print/format.ts';
import { changedStretch } from './changed-stretch.ts';
import { completionsAt } from './completion.ts';
import { occurrenceAt, openDocument, type Document } from './document.ts';
import { hoverAt } from './hover.ts';
import { outlineOf } from './outline.ts';
import { ownFindings } from './own-findings.ts';
import {
  codeActionsOf,
  completionItems,
  diagnosticOf,
  editOf,
  locationOf,
  rangeOf,
  symbolOf,
  workspaceEditOf,
  type TextOf,
} from './protocol.ts';
import { quickFixes } from './quick-fix.ts';
import { occurrencesOf, renameAt } from './rename.ts';

/*
 * The language server over a pair of streams: the only file of the editor that is not pure. A text is read and
 * checked when something is asked of it, and at most once for each version. Findings follow an edit after about the
 * time that the last check took, so that they keep up with typing in small files and do not hinder it in large ones.
 */

/** Milliseconds between an edit and its findings. */
const DELAY = { least: 10, most: 300 } as const;

interface Opened {
  readonly document: Document;
  /** Nothing where a file that it reads has changed since. */
  readonly version: number | undefined;
  /** How long it took to read and check, in milliseconds. */
  readonly took: number;
}

/** What is asked at a place in a text. */
interface Place {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

interface At {
  readonly text: TextDocument;
  readonly document: Document;
  readonly offset: number;
  readonly textOf: TextOf;
}

/** The files of a workspace, within the limits that hold for every program. */
export interface WorkspaceFiles {
  /** Reads a saved file below a folder. */
  readonly read: (folder: string, path: string, kind: FileKind) => string | NotRead;
  /** Takes a text that stands in the editor for the file, where that file could be read. */
  readonly take: (folder: string, path: string, kind: FileKind, text: string) => string | NotRead;
}

const UNSAVED: NotRead = {
  problem: 'cannot be found from a text that is not saved',
  help: 'save this text, then a file is looked for beside it',
};

/** Serves until the client says `exit` or the input ends; the connection then ends the process. */
export function serve(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  version: string,
  files: WorkspaceFiles,
): void {
  const connection = createConnection(input, output);
  const texts = new TextDocuments(TextDocument);
  const opened = new Map<string, Opened>();
  const waiting = new Map<string, NodeJS.Timeout>();

  // Editors encode addresses in different ways: the path decides.
  const textAt = (path: string): TextDocument | undefined =>
    texts.all().find(({ uri }) => nameOf(uri) === path);
  const folders = new Set<string>();
  /** The workspace folder that a program is in, the innermost one; its own folder where no workspace has it. */
  const folderOf = (program: string): string =>
    [...folders]
      .filter((folder) => program.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
      .toSorted((left, right) => right.length - left.length)[0] ??
    program.slice(0, program.lastIndexOf('/') + 1);
  /** What stands in the editor counts, saved or not. */
  const readerFor =
    (program: string): ReadFile =>
    (path, kind) => {
      if (!isPath(program) || !isPath(path)) return UNSAVED;
      const open = textAt(path)?.getText();
      const folder = folderOf(program);
      return open === undefined ? files.read(folder, path, kind) : files.take(folder, path, kind, open);
    };
  const documentOf = (text: TextDocument): Document => {
    const known = opened.get(text.uri);
    if (known?.version === text.version) return known.document;
    const started = performance.now();
    const file = { name: nameOf(text.uri), text: text.getText() };
    const document = openDocument(file, readerFor(file.name), known?.document);
    opened.set(text.uri, { document, version: text.version, took: performance.now() - started });
    return document;
  };
  const publish = (text: TextDocument): void => {
    const diagnostics = ownFindings(documentOf(text)).map((finding) => diagnosticOf(text, finding));
    void connection.sendDiagnostics({ uri: text.uri, version: text.version, diagnostics });
  };
  const publishSoon = (text: TextDocument): void => {
    clearTimeout(waiting.get(text.uri));
    const delay = Math.min(Math.max(opened.get(text.uri)?.took ?? 0, DELAY.least), DELAY.most);
    const timer = setTimeout(() => {
      waiting.delete(text.uri);
      try {
        publish(text);
      } catch (error) {
        // A fault of ours in one text must not end the help for all others; questions fail by themselves.
        connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    }, delay);
    waiting.set(text.uri, timer);
  };
  const again = (text: TextDocument): void => {
    const known = opened.get(text.uri);
    if (known !== undefined) opened.set(text.uri, { ...known, version: undefined });
    publishSoon(text);
  };
  /** What was found in the files that read the changed one is found anew. */
  const changed = (path: string): void => {
    for (const text of texts.all()) if (opened.get(text.uri)?.document.reads.has(path) === true) again(text);
  };
  const at: Ask = (place, answer) => {
    const text = texts.get(place.textDocument.uri);
    if (text === undefined) return null;
    const document = documentOf(text);
    const textOf: TextOf = (file) =>
      textAt(file.name) ?? TextDocument.create(uriOf(file.name), 'nom', 0, file.text);
    return answer({ text, document, offset: text.offsetAt(place.position), textOf });
  };

  let changesFolders = false;
  connection.onInitialize(({ workspaceFolders, rootUri, capabilities: client }) => {
    changesFolders = client.workspace?.workspaceFolders === true;
    const uris = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
    for (const uri of uris) folders.add(nameOf(uri));
    return capabilities(version);
  });
  connection.onInitialized(() => {
    if (!changesFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const { uri } of removed) folders.delete(nameOf(uri));
      for (const { uri } of added) folders.add(nameOf(uri));
      for (const text of texts.all()) again(text);
    });
  });
  texts.onDidChangeContent(({ document: text }) => {
    publishSoon(text);
    changed(nameOf(text.uri));
  });
  texts.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    opened.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    // From here on the saved text counts.
    changed(nameOf(uri));
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) changed(nameOf(uri));
  });
  answerQuestions(connection, at);
  texts.listen(connection);
  connection.listen();
}

type Ask = <T>(place: Place, answer: (at: At) => T) => T | null;

/** Every question of the protocol that a program can answer. */
function answerQuestions(connection: Connection, at: Ask): void {
  const whole = (uri: string): Place => ({ textDocument: { uri }, position: { line: 0, character: 0 } });
  const locations = (place: Place, select: (declares: boolean) => boolean): Location[] =>
    at(place, ({ document, offset, textOf }) =>
      occurrencesOf(document, offset)
        .filter(({ declares }) => select(declares))
        .map(({ span }) => locationOf(textOf, span)),
    ) ?? [];

  connection.onHover((place) =>
    at(place, ({ text, document, offset }) => {
      const hover = hoverAt(document, offset);
      if (hover === undefined) return null;
      const contents = { kind: MarkupKind.Markdown, value: hover.markdown };
      return { contents, range: rangeOf(text, hover.span) };
    }),
  );
  connection.onCompletion((place) =>
    at(place, ({ text, document, offset }) => [
      ...completionItems(text, offset, completionsAt(document, offset)),
    ]),
  );
  connection.onDefinition((place) => locations(place, (declares) => declares));
  connection.onReferences((place) =>
    locations(place, (declares) => place.context.includeDeclaration || !declares),
  );
  connection.onDocumentHighlight((place) =>
    locations(place, () => true)
      .filter(({ uri }) => uri === place.textDocument.uri)
      .map(({ range }) => ({ range })),
  );
  connection.onPrepareRename((place) =>
    at(place, ({ text, document, offset }) => {
      const occurrence = occurrenceAt(document, offset);
      return occurrence?.symbol.declaration === undefined ? null : rangeOf(text, occurrence.span);
    }),
  );
  connection.onRenameRequest((place) =>
    at(place, ({ document, offset, textOf }) => {
      const renaming = renameAt(document, offset, place.newName);
      return renaming.kind === 'refused'
        ? new ResponseError<undefined>(LSPErrorCodes.RequestFailed, renaming.why)
        : workspaceEditOf(textOf, renaming.edits);
    }),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    at(whole(textDocument.uri), ({ text, document }) =>
      outlineOf(document.parsed.tree).map((node) => symbolOf(text, node)),
    ),
  );
  connection.onDocumentFormatting(({ textDocument }) =>
    at(whole(textDocument.uri), ({ text, document }) => {
      const formatted = formatFile(document.file);
      // A file with errors of syntax stays as it is; the errors are shown already.
      if (formatted.kind === 'refused') return [];
      return changedStretch(document.file, formatted.text).map((edit) => editOf(text, edit));
    }),
  );
  connection.onCodeAction(({ textDocument, range, context }) => {
    if (context.only?.some((kind) => 'quickfix'.startsWith(kind)) === false) return [];
    return at(whole(textDocument.uri), ({ text, document }) =>
      codeActionsOf(
        text,
        quickFixes(document, text.offsetAt(range.start), text.offsetAt(range.end)),
        context.diagnostics,
      ),
    );
  });
}

function capabilities(version: string): InitializeResult {
  return {
    serverInfo: { name: 'nomnom', version },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['.', '@', '(', ':'] },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      documentFormattingProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** The file's path, or the whole address of what is no file: an unsaved text has none. */
function nameOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri).replaceAll('\\', '/') : uri;
}

function uriOf(name: string): string {
  return isPath(name) ? pathToFileURL(name).href : name;
}

function isPath(name: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(name);
}
