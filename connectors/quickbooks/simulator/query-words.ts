/** The words of a statement in QuickBooks' query language. */
import { unparsable } from './fault.ts';

export interface Word {
  readonly kind: 'WORD' | 'TEXT' | 'NUMBER' | 'SIGN' | 'END';
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

const PATTERN =
  /\s*(?:(?<word>[A-Za-z_][\w]*(?:\.(?:[A-Za-z_][\w]*|\*))*)|'(?<text>(?:[^'\\]|\\.)*)'|(?<number>[+-]?\d+(?:\.\d+)?)|(?<sign><=|>=|[=<>(),*;]))/y;

/** @throws ApiFault 4000 */
export function wordsOf(statement: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  const end = statement.trimEnd().replace(/;$/, '').trimEnd().length;
  while (at < end) {
    PATTERN.lastIndex = at;
    const found = PATTERN.exec(statement);
    if (found === null || found.groups === undefined) throw lexicalError(statement, at);
    const { word, text, number, sign } = found.groups;
    const column = found.index + (found[0].length - found[0].trimStart().length) + 1;
    at = PATTERN.lastIndex;
    if (word !== undefined) words.push({ kind: 'WORD', text: word, column });
    else if (text !== undefined) words.push({ kind: 'TEXT', text: text.replace(/\\(.)/gs, '$1'), column });
    else if (number !== undefined) words.push({ kind: 'NUMBER', text: number, column });
    else words.push({ kind: 'SIGN', text: sign ?? '', column });
  }
  words.push({ kind: 'END', text: '<EOF>', column: end + 1 });
  return words;
}

function lexicalError(statement: string, at: number) {
  const rest = statement.slice(at).trimStart();
  const column = statement.length - rest.length + 1;
  return unparsable(`Lexical error at line 1, column ${column}.  Encountered: ${JSON.stringify(rest.slice(0, 20))}`);
}
