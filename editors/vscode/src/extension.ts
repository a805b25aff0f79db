import { existsSync } from 'node:fs';
import { commands, type ExtensionContext, type FileSystemWatcher, window, workspace } from 'vscode';
import { LanguageClient, type ServerOptions } from 'vscode-languageclient/node';
import { ddlDocuments } from './ddl-document.ts';
import { runTest } from './run-test.ts';
import { serverCommand } from './server-command.ts';

let client: LanguageClient | undefined;
let watcher: FileSystemWatcher | undefined;

/** Starts the server for the first `.nom` file that is opened, and again when its path changes. */
export async function activate(context: ExtensionContext): Promise<void> {
  // What a program imports or looks up may change outside of the editor.
  watcher = workspace.createFileSystemWatcher('**/*.{nom,csv}');
  const ddl = ddlDocuments(
    async (address, table) =>
      (await client?.sendRequest<string | null>('nomnom/ddl', { textDocument: { uri: address }, table })) ??
      null,
  );
  context.subscriptions.push(
    watcher,
    ...ddl.subscriptions,
    commands.registerCommand('nomnom.restart', restart),
    commands.registerCommand('nomnom.runTest', runTest),
    commands.registerCommand('nomnom.showDdl', ddl.show),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('nomnom.path')) void restart();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void restart()),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart(): Promise<void> {
  await deactivate();
  if (!workspace.isTrusted) return;
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const { command, args, shell } = serverCommand(
    workspace.getConfiguration('nomnom').get<string>('path', ''),
    folders,
    { exists: existsSync, platform: process.platform },
  );
  const cwd = folders[0];
  const server: ServerOptions = {
    command,
    args: [...args],
    options: { shell, ...(cwd === undefined ? {} : { cwd }) },
  };
  client = new LanguageClient('nomnom', 'nomnom', server, {
    documentSelector: [{ language: 'nom' }],
    // The server shows lenses only for commands that the editor has.
    initializationOptions: { commands: ['nomnom.runTest', 'nomnom.showDdl'] },
    synchronize: {
      configurationSection: 'nomnom',
      ...(watcher === undefined ? {} : { fileEvents: watcher }),
    },
  });
  try {
    await client.start();
  } catch (error) {
    // One that never started cannot be stopped.
    client = undefined;
    const why = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(
      `nomnom: \`${command}\` did not start, so there are colours only (${why}). Set "nomnom.path" to the executable.`,
    );
  }
}
