import { join } from 'node:path';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Through a shell: on Windows an executable of npm is a script that only a shell starts. */
  readonly shell: boolean;
}

interface Machine {
  readonly exists: (path: string) => boolean;
  readonly platform: string;
}

/** What starts the server: the setting, else what the folder has installed, else what is on the PATH. */
export function serverCommand(setting: string, folders: readonly string[], machine: Machine): ServerCommand {
  const windows = machine.platform === 'win32';
  const program = programOf(setting, folders, machine);
  return { command: windows ? `"${program}"` : program, args: ['lsp'], shell: windows };
}

/** What runs one test of a file. On Windows a shell reads the title, so a title that would mean more to it runs the whole file. */
export function testCommand(
  setting: string,
  folders: readonly string[],
  machine: Machine,
  { file, title }: { readonly file: string; readonly title: string },
): ServerCommand {
  const shell = machine.platform === 'win32';
  const named = !shell || /^[\p{L}\p{N} .,:;()_-]*$/u.test(title);
  return {
    command: programOf(setting, folders, machine),
    args: ['test', file, ...(named ? [`--name=${title}`] : [])],
    shell,
  };
}

function programOf(setting: string, folders: readonly string[], { exists, platform }: Machine): string {
  const local = folders
    .map((folder) => join(folder, 'node_modules', '.bin', platform === 'win32' ? 'nomnom.cmd' : 'nomnom'))
    .find(exists);
  return setting.trim() === '' ? (local ?? 'nomnom') : setting.trim();
}
