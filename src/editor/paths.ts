/** Something in a folder that a path of a program can name. */
export interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

/** What stands in a folder; its path is in the form of the program's path. */
export type ListFolder = (folder: string) => readonly FolderEntry[];
