/** Words, numbers, texts and signs of a query. */
import { invalidParameter, type Problem } from '../problem.ts';

export type TokenKind = 'WORD' | 'NAME' | 'NUMBER' | 'TEXT' | 'SIGN' | 'END';

export interface Token {
  readonly kind: TokenKind;
  /** A word in upper case; a text without its quotes. */
  readonly text: string;
  /** As it was written. */
  readonly source: string;
}

const PATTERN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"[^"]*")|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<word>[A-Za-z_][A-Za-z0-9_$#]*)|(?<sign><>|!=|<=|>=|\|\||[=<>+\-*/(),.?;])/y;

/** Invalid queries are all refused with these words. */
export const badQuery = (detail: string): Problem =>
  invalidParameter(
    `Invalid search query. Detailed unprocessed description follows. Search error occurred: ${detail}`.slice(0, 600),
    'q',
  );

export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < query.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(query)?.groups;
    if (groups === undefined) throw badQuery(`Invalid or unsupported search: unexpected '${query.slice(at, at + 20)}'.`);
    const { text, name, number, word, sign } = groups;
    if (text !== undefined) tokens.push({ kind: 'TEXT', text: text.slice(1, -1).replaceAll("''", "'"), source: text });
    else if (name !== undefined) tokens.push({ kind: 'NAME', text: name.slice(1, -1), source: name });
    else if (number !== undefined) tokens.push({ kind: 'NUMBER', text: number, source: number });
    else if (word !== undefined) tokens.push({ kind: 'WORD', text: word.toUpperCase(), source: word });
    else if (sign !== undefined && sign !== ';') tokens.push({ kind: 'SIGN', text: sign === '!=' ? '<>' : sign, source: sign });
  }
  tokens.push({ kind: 'END', text: '', source: 'the end' });
  return tokens;
}
