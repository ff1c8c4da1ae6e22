/** How a golden read is written down: statements in lines, and ids and cursors by the order in which they are met, since both are new in each run. */
import type { Statement } from '../../src/read/sql.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const CURSOR = /^[\w-]{12,}$/;

export class Shown {
  private readonly ids = new Map<string, string>();

  /** The same id is the same number in all texts of one read. */
  text(text: string): string {
    return text.replace(UUID, (id) => {
      const known = this.ids.get(id) ?? `#${this.ids.size + 1}`;
      this.ids.set(id, known);
      return known;
    });
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(cursorText(value) ?? value);
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.value(one)]));
  }

  /** A line break before each clause, indented by its brackets; then its values. */
  statement({ text, values }: Statement): string {
    let depth = 0;
    const parts = text
      .replace(/\s+/g, ' ')
      .split(/('(?:[^']|'')*'|[()]| (?=(?:from|left join|(?<!left )join|where|order by|group by|limit|union all) ))/);
    const lines = parts.map((part) => {
      if (part === '(') depth += 1;
      if (part === ')') depth -= 1;
      return part === ' ' ? `\n${'  '.repeat(depth)}` : part;
    });
    const given = values.map((value, i) => `-- $${i + 1} ${this.text(JSON.stringify(value))}`);
    return `${[this.text(lines.join('').trim()), ...given].join('\n')}\n`;
  }
}

/** What a cursor says: its mark, then the values of the order. */
function cursorText(text: string): string | null {
  if (!CURSOR.test(text)) return null;
  try {
    const said: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(said) ? `cursor ${said.join(' | ')}` : null;
  } catch {
    return null;
  }
}
