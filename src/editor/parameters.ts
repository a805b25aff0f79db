import { anything, flag, id, list, nullable, object, optional, text, whole, type Shape } from './shape.ts';

const position = object({ line: whole, character: whole });
const range = object({ start: position, end: position });
const textDocument = object({ uri: text });
const folder = object({ uri: text });

const inText = object({ textDocument });
const atPlace = object({ textDocument, position });
const inRange = object({ textDocument, range });

const change: Shape = {
  kind: 'object',
  fields: { range: optional(range), rangeLength: optional(whole), text },
  needs: { rangeLength: 'range' },
};

/** What each request and notification needs for an answer, by its method. */
export const parameters: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    'initialize',
    object({
      processId: nullable(whole),
      capabilities: object({}),
      rootUri: nullable(text),
      workspaceFolders: nullable(list(folder)),
      trace: optional(text),
    }),
  ],
  ['$/cancelRequest', object({ id })],
  ['$/setTrace', object({ value: text })],
  ['$/progress', object({ token: id, value: anything })],
  ['window/workDoneProgress/cancel', object({ token: id })],
  ['workspace/didChangeWatchedFiles', object({ changes: list(object({ uri: text })) })],
  [
    'workspace/didChangeWorkspaceFolders',
    object({ event: object({ added: list(folder), removed: list(folder) }) }),
  ],
  [
    'textDocument/didOpen',
    object({ textDocument: object({ uri: text, languageId: text, version: whole, text }) }),
  ],
  [
    'textDocument/didChange',
    object({
      textDocument: object({ uri: text, version: whole }),
      contentChanges: list(change),
    }),
  ],
  ['textDocument/didClose', inText],
  ['textDocument/didSave', inText],
  ['textDocument/willSave', inText],
  ['textDocument/willSaveWaitUntil', inText],
  ['textDocument/diagnostic', object({ textDocument, previousResultId: nullable(text) })],
  ['textDocument/hover', atPlace],
  ['textDocument/completion', atPlace],
  ['textDocument/signatureHelp', atPlace],
  ['textDocument/definition', atPlace],
  [
    'textDocument/references',
    object({ textDocument, position, context: object({ includeDeclaration: flag }) }),
  ],
  ['textDocument/documentHighlight', atPlace],
  ['textDocument/prepareRename', atPlace],
  ['textDocument/rename', object({ textDocument, position, newName: text })],
  ['textDocument/documentSymbol', inText],
  ['workspace/symbol', object({ query: text })],
  ['textDocument/formatting', inText],
  ['textDocument/rangeFormatting', inRange],
  [
    'textDocument/codeAction',
    object({
      textDocument,
      range,
      context: object({ diagnostics: list(object({})), only: optional(list(text)) }),
    }),
  ],
  ['textDocument/codeLens', inText],
  ['nomnom/ddl', object({ textDocument, table: text })],
  ['textDocument/inlayHint', inRange],
  ['textDocument/semanticTokens/full', inText],
  ['textDocument/semanticTokens/range', inRange],
  ['textDocument/foldingRange', inText],
  ['textDocument/selectionRange', object({ textDocument, positions: list(position) })],
  ['textDocument/documentLink', inText],
]);
