/** Tables of Markdown, for the emitted files that people review. */

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @example markdownTable(['a'], [['1']]) */
export const markdownTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** Sections with a blank line between, and one line end. */
export const page = (...parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
