/** Text without case and accents, for comparisons that ignore both. */

/** `"São Paulo"` → `"sao paulo"`: NFKD, combining marks removed, lower case, white space collapsed. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
