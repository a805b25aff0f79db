import { createConnection, TextDocuments, type InitializeParams } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileKind, NotRead, ReadFile } from '../model/collect/read-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FileTree } from '../syntax/tree.ts';
import type { SourceFile } from '../text/source.ts';
import { announced, capabilities } from './capabilities/registry.ts';
import type { At, Session } from './capability.ts';
import { checkDelay } from './check-delay.ts';
import { editedDocuments } from './edited-document.ts';
import { openDocument, reusable, type Document, type Reusable } from './document.ts';
import { settingsFrom, standardSettings } from './editor-settings.ts';
import { folderAt, isPath, nameOf, uriOf } from './file-name.ts';
import { ownFindings } from './own-findings.ts';
import type { OtherPrograms } from './other-programs.ts';
import type { FolderEntry } from './paths.ts';
import { diagnosticOf, type TextOf } from './protocol.ts';
import { savedPrograms } from './saved-programs.ts';
import { transport } from './transport.ts';
import { unusedIn, usedBeside } from './used-beside.ts';

/*
 * The language server over a pair of streams: the only file of the editor with timers. A text is read and checked when
 * something is asked of it, and at most once for each version. An editor that asks for findings is answered at once. For
 * one that waits for them, they follow an edit by themselves.
 */

interface Opened {
  readonly document: Document;
  /** Nothing where a file that it reads has changed since. */
  readonly version: number | undefined;
  /** How long it took to read and check, in milliseconds. */
  readonly took: number;
}

/** The files of a workspace, within the limits that hold for every program. */
export interface WorkspaceFiles {
  /** Reads a saved file below a folder. */
  readonly read: (folder: string, path: string, kind: FileKind) => string | NotRead;
  /** Takes a text that stands in the editor for the file, where that file could be read. */
  readonly take: (folder: string, path: string, kind: FileKind, text: string) => string | NotRead;
  /** Where a path leads, through all links. */
  readonly placeOf: (path: string) => string;
  /** The paths of the programs below a folder, at most a few thousand. */
  readonly programs: (folder: string) => readonly string[];
  /** What stands in a folder below another one. */
  readonly entries: (folder: string, path: string) => readonly FolderEntry[];
}

const UNSAVED: NotRead = {
  problem: 'cannot be found from a text that is not saved',
  help: 'save this text, then a file is looked for beside it',
};

/** How the server ended: the status of its process, and what was wrong with the input. */
export interface Ended {
  readonly status: 0 | 1;
  readonly fault?: string;
}

/** Serves until the client says `exit` or the input ends; `ended` is told once and ends the process. */
export function serve(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  version: string,
  files: WorkspaceFiles,
  ended: (how: Ended) => void,
): void {
  const { reader, writer } = transport(input, output, {
    ignored: (why) => connection.console.error(`ignored: ${why}`),
    ended: (state, fault) =>
      ended(fault === undefined ? { status: state === 'stopping' ? 0 : 1 } : { status: 1, fault }),
  });
  const connection = createConnection(reader, writer);
  const texts = new TextDocuments(editedDocuments);
  const opened = new Map<string, Opened>();
  const waiting = new Map<string, NodeJS.Timeout>();
  /** When a text was changed last, by its address. */
  const changedAt = new Map<string, number>();
  const folders = new Set<string>();
  let client: InitializeParams['capabilities'] = {};
  let settings = standardSettings;

  // Editors encode addresses in different ways: the path decides.
  const textAt = (path: string): TextDocument | undefined =>
    texts.all().find(({ uri }) => nameOf(uri) === path);
  /** The workspace folder that a program is in, the innermost one; its own folder where no workspace has it. */
  const folderOf = (program: string): string =>
    [...folders]
      .filter((folder) => program.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
      .toSorted((left, right) => right.length - left.length)[0] ??
    program.slice(0, program.lastIndexOf('/') + 1);
  /** What stands in the editor counts, saved or not. */
  const readerFor = (program: string): ReadFile => {
    const read: ReadFile = (path, kind) => {
      if (!isPath(program) || !isPath(path)) return UNSAVED;
      const open = textAt(path)?.getText();
      const folder = folderOf(program);
      return open === undefined ? files.read(folder, path, kind) : files.take(folder, path, kind, open);
    };
    return Object.assign(read, { placeOf: (path: string) => (isPath(path) ? files.placeOf(path) : path) });
  };
  const currentOf = (text: TextDocument): Document | undefined => {
    const known = opened.get(text.uri);
    return known?.version === text.version ? known?.document : undefined;
  };
  /**
   * Forgets what is known of a text but for what its next version can use. The model of a large file is tens of
   * megabytes: held while the next one is made, it would be copied by each collection in between.
   */
  const forgotten = (uri: string): Reusable | undefined => {
    const known = opened.get(uri);
    opened.delete(uri);
    return known && reusable(known.document);
  };
  const documentOf = (text: TextDocument): Document => {
    const current = currentOf(text);
    if (current !== undefined) return current;
    const started = performance.now();
    const file = { name: nameOf(text.uri), text: text.getText() };
    const document = openDocument(file, readerFor(file.name), forgotten(text.uri));
    opened.set(text.uri, { document, version: text.version, took: performance.now() - started });
    return document;
  };
  const closedTexts = new WeakMap<SourceFile, TextDocument>();
  const textOf: TextOf = (file) => {
    const known = textAt(file.name) ?? closedTexts.get(file);
    const text = known ?? TextDocument.create(uriOf(file.name), 'nom', 0, file.text);
    if (known === undefined) closedTexts.set(file, text);
    return text;
  };
  const atStart = (text: TextDocument): At => ({ text, document: documentOf(text), offset: 0, textOf });

  const saved = savedPrograms({
    list: () => [...folders].flatMap((folder) => files.programs(folder)),
    read: (path) => files.read(folderOf(path), path, 'program'),
  });
  const savedTrees = (): readonly FileTree[] => {
    const open = new Set(texts.all().map(({ uri }) => nameOf(uri)));
    return saved.trees((path) => !open.has(path));
  };
  const others: OtherPrograms = {
    trees: () => [...texts.all().map((text) => documentOf(text).parsed.tree), ...savedTrees()],
    document: (path) => {
      const open = textAt(path);
      if (open !== undefined) return documentOf(open);
      const read = readerFor(path);
      const text = read(path, 'program');
      return typeof text === 'string' ? openDocument({ name: path, text }, read) : undefined;
    },
  };
  const findingsOf = (document: Document): readonly Diagnostic[] => {
    const used = usedBeside(document, others);
    return ownFindings(document).filter((finding) => !used.has(finding));
  };

  const sent = new WeakMap<Document, readonly Diagnostic[]>();
  const send = (text: TextDocument, document: Document): void => {
    const findings = findingsOf(document);
    if (sent.get(document)?.length === findings.length) return;
    sent.set(document, findings);
    const diagnostics = findings.map((finding) => diagnosticOf(text, finding));
    void connection.sendDiagnostics({ uri: text.uri, version: text.version, diagnostics });
  };
  /** What nothing seemed to use may have a use in another program now, or none any more. */
  const sendUnused = (): void => {
    if (client.textDocument?.diagnostic !== undefined) return;
    for (const text of texts.all()) {
      const document = currentOf(text);
      if (document !== undefined && sent.has(document) && unusedIn(document).length > 0) send(text, document);
    }
  };
  const publish = (text: TextDocument): void => {
    send(text, documentOf(text));
    sendUnused();
  };
  const publishSoon = (text: TextDocument): void => {
    if (client.textDocument?.diagnostic !== undefined) return;
    clearTimeout(waiting.get(text.uri));
    const now = performance.now();
    const delay = checkDelay(opened.get(text.uri)?.took ?? 0, now - (changedAt.get(text.uri) ?? -Infinity));
    changedAt.set(text.uri, now);
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
  /** What was found in the files that read the changed one, or something in it where it is a folder, is found anew. */
  const changed = (path: string): void => {
    const isIn = (read: string): boolean => read === path || read.startsWith(`${path}/`);
    for (const text of texts.all())
      if ([...(opened.get(text.uri)?.document.reads ?? [])].some(isIn)) again(text);
  };
  /** An editor may refuse what it is asked: all stays as it was. */
  const unanswered = (): void => undefined;
  /** What an editor asked for it asks for again: something changed that is no text of its own. */
  const refresh = (): void => {
    if (client.workspace?.diagnostics?.refreshSupport === true)
      connection.languages.diagnostics.refresh().catch(unanswered);
    if (client.workspace?.inlayHint?.refreshSupport === true)
      connection.languages.inlayHint.refresh().catch(unanswered);
  };
  const readSettings = (): void => {
    if (client.workspace?.configuration !== true) return;
    connection.workspace
      .getConfiguration('nomnom')
      .then((found: unknown) => {
        settings = settingsFrom(found, settings);
        refresh();
      })
      .catch(unanswered);
  };

  const within: Session['within'] = ({ uri }, answer) => {
    const text = texts.get(uri);
    return text === undefined ? null : answer(atStart(text));
  };
  const session: Session = {
    connection,
    within,
    at: ({ textDocument, position }, answer) =>
      within(textDocument, (at) => answer({ ...at, offset: at.text.offsetAt(position) })),
    opened: () => texts.all().map(atStart),
    saved: savedTrees,
    others,
    findingsOf,
    textOf,
    client: () => client,
    settings: () => settings,
    namesIn: (program, folder) => (isPath(program) ? files.entries(folderOf(program), folder) : []),
  };

  /** What has no path has no files. */
  const addFolder = (uri: string): void => {
    if (isPath(folderAt(uri))) folders.add(folderAt(uri));
  };
  connection.onInitialize((start) => {
    client = start.capabilities;
    settings = settingsFrom(start.initializationOptions, settings);
    const uris =
      start.workspaceFolders?.map(({ uri }) => uri) ??
      (typeof start.rootUri === 'string' ? [start.rootUri] : []);
    for (const uri of uris) addFolder(uri);
    return { serverInfo: { name: 'nomnom', version }, capabilities: announced() };
  });
  connection.onInitialized(() => {
    readSettings();
    if (client.workspace?.workspaceFolders !== true) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const { uri } of removed) folders.delete(folderAt(uri));
      for (const { uri } of added) addFolder(uri);
      saved.forgetAll();
      for (const text of texts.all()) again(text);
      refresh();
    });
  });
  connection.onDidChangeConfiguration(readSettings);
  texts.onDidChangeContent(({ document: text }) => {
    publishSoon(text);
    changed(nameOf(text.uri));
  });
  texts.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    changedAt.delete(uri);
    opened.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    // From here on the saved text counts.
    saved.forget(nameOf(uri));
    changed(nameOf(uri));
    sendUnused();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const path of new Set(changes.map(({ uri }) => folderAt(uri)))) {
      saved.forget(path);
      changed(path);
    }
    sendUnused();
    refresh();
  });
  for (const { serve: register } of capabilities) register(session);
  texts.listen(connection);
  connection.listen();
}
