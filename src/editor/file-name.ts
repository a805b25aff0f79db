import { fileURLToPath, pathToFileURL } from 'node:url';

/** The file's path, or the whole address of what is no file: an unsaved text has none. */
export function nameOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri).replaceAll('\\', '/') : uri;
}

export function uriOf(name: string): string {
  return isPath(name) ? pathToFileURL(name).href : name;
}

export function isPath(name: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(name);
}
