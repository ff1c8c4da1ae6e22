// One read in both forms: as JSON made by the database, and as rows written in Node.
import { askerOf } from '../../../src/read/asker.ts';
import type { Principal } from '../../../src/access/principal.ts';
import type { Catalogue } from '../../../src/read/catalogue.ts';
import { recordsSql, rootConnectionSql, type Wanted } from '../../../src/read/compile.ts';
import { jsonRows } from '../../../src/read/rows/json-rows.ts';
import { type RowsForm, rowsFormOfConnection, rowsFormOfObject } from '../../../src/read/rows/rows-form.ts';
import { settingsOf } from '../../../src/read/settings.ts';
import { type Sql, statement } from '../../../src/read/sql.ts';
import type { ConnectionRead } from '../../../src/read/tree.ts';
import type { BytePool, RowSink } from '../../../src/read/wire/byte-pool.ts';
import { parameterText } from '../../../src/read/wire/parameter.ts';

export interface Forms {
  /** As the database makes it. */
  readonly json: string;
  /** As the rows make it; null where there is no rows form. */
  readonly rows: string | null;
  /** Records of the root that came as rows. */
  readonly rowCount: number;
}

export interface Asked {
  readonly pool: BytePool;
  readonly catalogue: Catalogue;
  readonly principal: Principal;
}

const run = async <S extends RowSink>({ pool, principal }: Asked, source: Sql, sink: S): Promise<S> => {
  const { text, values } = statement(source);
  await pool.run({ text, values: values.map(parameterText) }, settingsOf(principal), sink);
  return sink;
};

/** The first column of each row. */
class Texts implements RowSink {
  readonly texts: (string | null)[] = [];
  row(bytes: Buffer, offset: number): void {
    const length = bytes.readInt32BE(offset + 2);
    this.texts.push(length < 0 ? null : bytes.toString('utf8', offset + 6, offset + 6 + length));
  }
}

/** One form for both: key order counts, spaces don't. */
const same = (text: string): string => JSON.stringify(JSON.parse(text));

async function both(asked: Asked, json: Sql, form: RowsForm | null): Promise<Forms> {
  const { texts } = await run(asked, json, new Texts());
  const answer = same(`{"list":${texts[0] ?? 'null'}}`);
  if (!form) return { json: answer, rows: null, rowCount: texts.length };
  const sink = await run(asked, form.source, jsonRows(form.program));
  return { json: answer, rows: same(`{${sink.finish().toString()}}`), rowCount: sink.rowCount };
}

export function connectionForms(asked: Asked, read: ConnectionRead): Promise<Forms> {
  const source = { catalogue: asked.catalogue, asker: askerOf(asked.principal) };
  return both(asked, rootConnectionSql(source, read), rowsFormOfConnection(source, read, 'list'));
}

export function objectForms(asked: Asked, wanted: Wanted): Promise<Forms> {
  const source = { catalogue: asked.catalogue, asker: askerOf(asked.principal) };
  return both(asked, recordsSql(source, wanted), rowsFormOfObject(source, wanted, 'list'));
}
