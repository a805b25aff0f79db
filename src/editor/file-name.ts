import { fileURLToPath, pathToFileURL } from 'node:url';

/** The file's path, or the whole address of what is no file here: an unsaved text, a file of another machine. */
export function nameOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return fileURLToPath(uri).replaceAll('\\', '/');
  } catch {
    return uri;
  }
}

/** The same for what may be a folder, which some write with a slash at the end. */
export function folderAt(uri: string): string {
  return nameOf(uri).replace(/(?<=.)\/+$/, '');
}

export function uriOf(name: string): string {
  return isPath(name) ? pathToFileURL(name).href : name;
}

export function isPath(name: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(name);
}
