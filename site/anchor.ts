/**
 * The anchor that code hosts give to a heading: lower case, no signs, dashes for spaces. The site gives the same, so that one
 * link works in both.
 */
export function anchorOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
