import { join } from 'node:path';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Through a shell: on Windows an executable of npm is a script that only a shell starts. */
  readonly shell: boolean;
}

/** What starts the server: the setting, else what the folder has installed, else what is on the PATH. */
export function serverCommand(
  setting: string,
  folders: readonly string[],
  { exists, platform }: { readonly exists: (path: string) => boolean; readonly platform: string },
): ServerCommand {
  const windows = platform === 'win32';
  const local = folders
    .map((folder) => join(folder, 'node_modules', '.bin', windows ? 'nomnom.cmd' : 'nomnom'))
    .find(exists);
  const program = setting.trim() === '' ? (local ?? 'nomnom') : setting.trim();
  return { command: windows ? `"${program}"` : program, args: ['lsp'], shell: windows };
}
