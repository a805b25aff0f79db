import { EventEmitter, Uri, window, workspace, type Disposable } from 'vscode';

const SCHEME = 'nomnom-ddl';

/** Asks the server for the statements that create a table; nothing where there are none now. */
export type AskDdl = (address: string, table: string) => Promise<string | null>;

/** Shows the SQL of a table as a text that cannot be edited, and again when a program is saved. */
export function ddlDocuments(ask: AskDdl): {
  readonly subscriptions: readonly Disposable[];
  readonly show: (address: string, table: string) => Promise<void>;
} {
  const changed = new EventEmitter<Uri>();
  const shown = new Set<string>();
  return {
    subscriptions: [
      changed,
      workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: changed.event,
        provideTextDocumentContent: async ({ path, query }) =>
          (await ask(query, path.slice(1).replace(/\.sql$/, ''))) ??
          '-- The program has errors, so its tables are not known.\n',
      }),
      workspace.onDidSaveTextDocument(({ languageId }) => {
        if (languageId === 'nom') for (const each of shown) changed.fire(Uri.parse(each));
      }),
    ],
    show: async (address, table) => {
      const uri = Uri.from({ scheme: SCHEME, path: `/${table}.sql`, query: address });
      shown.add(uri.toString());
      changed.fire(uri);
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    },
  };
}
