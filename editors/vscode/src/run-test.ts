import { existsSync } from 'node:fs';
import {
  ProcessExecution,
  ShellExecution,
  ShellQuoting,
  Task,
  tasks,
  TaskScope,
  Uri,
  workspace,
} from 'vscode';
import { testCommand } from './server-command.ts';

/** Saves the file and runs one of its tests in the terminal, as `nomnom test --name` does. */
export async function runTest(address: string, title: string): Promise<void> {
  const uri = Uri.parse(address);
  await workspace.textDocuments.find((each) => each.uri.toString() === uri.toString())?.save();
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const setting = workspace.getConfiguration('nomnom').get<string>('path', '');
  const { command, args, shell } = testCommand(
    setting,
    folders,
    { exists: existsSync, platform: process.platform },
    { file: uri.fsPath, title },
  );
  const strong = (value: string) => ({ value, quoting: ShellQuoting.Strong });
  const execution = shell
    ? new ShellExecution(strong(command), args.map(strong))
    : new ProcessExecution(command, [...args]);
  const scope = workspace.getWorkspaceFolder(uri) ?? TaskScope.Workspace;
  await tasks.executeTask(new Task({ type: 'nomnom' }, scope, title, 'nomnom', execution));
}
