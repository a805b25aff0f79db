import type { Span } from '../../text/source.ts';

/** What is read of a value right behind it, `.sku` or `?.sku`; empty where nothing is. */
export function readBehind({ file, end }: Span): string {
  return /^\??\.\w+/.exec(file.text.slice(end, end + LONGEST_NAME))?.[0] ?? '';
}

const LONGEST_NAME = 64;
