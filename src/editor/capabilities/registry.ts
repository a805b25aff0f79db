import { TextDocumentSyncKind, type ServerCapabilities } from 'vscode-languageserver/node';
import type { Capability } from '../capability.ts';
import { codeActions } from './code-actions.ts';
import { codeLenses } from './code-lenses.ts';
import { completion } from './completion.ts';
import { ddl } from './ddl.ts';
import { diagnostics } from './diagnostics.ts';
import { documentLinks } from './document-links.ts';
import { foldingRanges } from './folding-ranges.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { names } from './names.ts';
import { outline } from './outline.ts';
import { rename } from './rename.ts';
import { selectionRanges } from './selection-ranges.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

/** Everything that the server does for an editor. */
export const capabilities: readonly Capability[] = [
  diagnostics,
  hover,
  completion,
  signatureHelp,
  names,
  rename,
  outline,
  workspaceSymbols,
  formatting,
  codeActions,
  codeLenses,
  ddl,
  inlayHints,
  semanticTokens,
  foldingRanges,
  selectionRanges,
  documentLinks,
];

/** What the server says that it can do. */
export function announced(): ServerCapabilities {
  return Object.assign(
    {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    ...capabilities.map(({ announces }) => announces),
  ) as ServerCapabilities;
}
