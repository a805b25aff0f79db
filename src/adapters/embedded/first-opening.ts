import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Is there while the database is being made, which takes seconds. */
const UNFINISHED = 'unfinished';

/**
 * Opens the database in `folder` of `directory`, which this process has for itself. A database that does not come to its end, because
 * the disk is full or the process is killed, is no database: what is there of it is removed, now or by the next opening.
 */
export async function firstOpening<T>(
  directory: string,
  folder: string,
  opening: () => Promise<T>,
): Promise<T> {
  const mark = join(directory, UNFINISHED);
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await rm(mark, { force: true });
  };
  if (await isThere(mark)) await remove();
  if (await isThere(folder)) return opening();
  await writeFile(mark, '');
  try {
    const opened = await opening();
    await rm(mark);
    return opened;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
