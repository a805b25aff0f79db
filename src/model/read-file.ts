/**
 * The text of a file that a program names, or nothing where it cannot be read. The path is relative to where the
 * program's own path is, in the form of that path: the model does no I/O itself.
 */
export type ReadFile = (path: string) => string | undefined;

/**
 * The path of a file that stands in a program, seen from where the program's path is; nothing where it is not relative.
 * `shop/orders.nom` and `../common.nom` give `common.nom`.
 */
export function pathFrom(file: string, relative: string): string | undefined {
  if (relative === '' || /^([\\/]|[A-Za-z]:)/.test(relative)) return undefined;
  const parts = file.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '.' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
