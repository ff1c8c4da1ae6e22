// What random reads are drawn from: ids, texts and amounts of all companies alike, so that most of it belongs to somebody else.
import { type Graph, rootLists } from './graph.ts';
import { KINDS } from './oracle.ts';
import type { Pool } from './random-where.ts';
import type { Stage, Viewer } from './stage.ts';

export async function poolOf(stage: Stage): Promise<Pool> {
  const ids: Record<string, string[]> = {};
  for (const [kind, { prefix, table }] of Object.entries(KINDS))
    ids[kind] = (await stage.rows<{ id: string }>(`select id from ${table}`)).map(({ id }) => `${prefix}_${id}`);
  const texts = await stage.rows<{ text: string }>(
    'select number as text from invoice where number is not null union select name from customer union select search_name from customer union select code from legal_entity union select reference from payment union select number from payment union select number from sales_order union select customer_reference from sales_order union select name from product union select reason from hold union select reason from approval',
  );
  const numbers = await stage.rows<{ amount: string }>(
    'select distinct (total_minor / 100.0)::numeric(20, 2)::text as amount from invoice',
  );
  return { ids, texts: texts.map(({ text }) => text), numbers: numbers.map(({ amount }) => amount), cursors: {} };
}

/** Cursors of every list, as these people get them. */
export async function cursorsOf(graph: Graph, viewers: readonly Viewer[]): Promise<Pool['cursors']> {
  const cursors: Record<string, string[]> = {};
  for (const { person } of viewers) {
    for (const list of rootLists(graph).keys()) {
      const { edges } = (await person.ask(`{ ${list}(first: 100) { edges { cursor } } }`))[list];
      cursors[list] = [...(cursors[list] ?? []), ...edges.map(({ cursor }: { cursor: string }) => cursor)];
    }
  }
  return cursors;
}
