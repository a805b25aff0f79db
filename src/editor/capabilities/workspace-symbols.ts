import type { Capability } from '../capability.ts';
import { locationOf, outlineKinds } from '../protocol.ts';
import { workspaceSymbols as symbolsIn } from '../workspace-symbols.ts';

export const workspaceSymbols: Capability = {
  announces: { workspaceSymbolProvider: true },
  serve: ({ connection, opened, saved, textOf }) =>
    connection.onWorkspaceSymbol(({ query }) =>
      symbolsIn([...opened().map(({ document }) => document.parsed.tree), ...saved()], query).map(
        ({ node, within }) => ({
          name: node.name.trim() === '' ? node.kind : node.name,
          kind: outlineKinds[node.kind],
          location: locationOf(textOf, node.selection),
          ...(within === undefined ? {} : { containerName: within }),
        }),
      ),
    ),
};
