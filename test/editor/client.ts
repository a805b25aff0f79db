import { spawn } from 'node:child_process';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type Position,
  type PublishDiagnosticsParams,
  type ServerCapabilities,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { executable } from '../support/nomnom.ts';

/** One text that an editor has open; offsets are marked by a piece of the text with `|` in it. */
export interface OpenText {
  readonly uri: string;
  text(): string;
  position(marked: string): Position;
  /** Replaces the first occurrence of a piece of the text, as typing does. */
  replace(from: string, to: string): Promise<void>;
  /** The findings of the newest version; waits for them. */
  findings(): Promise<PublishDiagnosticsParams>;
  /** The findings that arrive next, without an edit of this text. */
  next(): Promise<PublishDiagnosticsParams>;
  /** The text with edits made to it. */
  edited(edits: readonly TextEdit[]): string;
}

/** An editor that talks to the real server. */
export interface Client {
  readonly capabilities: ServerCapabilities;
  ask<T>(method: string, params: object): Promise<T>;
  notify(method: string, params: object): Promise<void>;
  open(name: string, text: string): Promise<OpenText>;
  close(uri: string): Promise<void>;
  /** Every list of findings that arrived, in order. */
  readonly published: readonly PublishDiagnosticsParams[];
  /** Ends the server in order and gives its exit status. */
  stop(): Promise<number | null>;
  /** Hangs up without a word, as an editor that dies does. */
  hangUp(): Promise<number | null>;
}

/** nomnom of this checkout: the program and its first words. */
const ofCheckout = () => [process.execPath, executable()] as const;

/** Starts `nomnom lsp` as an editor does, with a folder as its workspace or none. */
export async function startClient(
  workspace?: string,
  [program, ...before]: readonly [string, ...string[]] = ofCheckout(),
  { client = {}, options }: { readonly client?: ClientCapabilities; readonly options?: object } = {},
): Promise<Client> {
  const server = spawn(program, [...before, 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => server.once('exit', resolve));
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published: PublishDiagnosticsParams[] = [];
  const listeners = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const listener of listeners) listener();
  });
  connection.listen();
  const { capabilities } = await connection.sendRequest<{ capabilities: ServerCapabilities }>('initialize', {
    processId: process.pid,
    rootUri: workspace ?? null,
    capabilities: client,
    ...(options === undefined ? {} : { initializationOptions: options }),
  });
  await connection.sendNotification('initialized', {});

  const arrives = (
    is: (each: PublishDiagnosticsParams) => boolean,
    from = 0,
  ): Promise<PublishDiagnosticsParams> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = published.slice(from).find(is);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });

  return {
    capabilities,
    published,
    ask: (method, params) => connection.sendRequest(method, params),
    notify: (method, params) => connection.sendNotification(method, params),
    open: async (name, text) => {
      const uri = name.includes(':') ? name : `file:///project/${name}`;
      let document = TextDocument.create(uri, 'nom', 1, text);
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'nom', version: 1, text },
      });
      return {
        uri,
        text: () => document.getText(),
        position: (marked) => {
          const offset = document.getText().indexOf(marked.replace('|', ''));
          if (offset < 0) throw new Error(`the text has no ${marked}`);
          return document.positionAt(offset + marked.indexOf('|'));
        },
        replace: async (from, to) => {
          const start = document.getText().indexOf(from);
          if (start < 0) throw new Error(`the text has no ${from}`);
          const range = {
            start: document.positionAt(start),
            end: document.positionAt(start + from.length),
          };
          const version = document.version + 1;
          document = TextDocument.update(document, [{ range, text: to }], version);
          await connection.sendNotification('textDocument/didChange', {
            textDocument: { uri, version },
            contentChanges: [{ range, text: to }],
          });
        },
        findings: () => arrives((each) => each.uri === uri && each.version === document.version),
        next: () => arrives((each) => each.uri === uri, published.length),
        edited: (edits) => TextDocument.applyEdits(document, [...edits]),
      };
    },
    close: (uri) => connection.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    stop: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return exited;
    },
    hangUp: () => {
      connection.dispose();
      server.stdin.end();
      return exited;
    },
  };
}
