/**
 * `logPosition`: the place in the log that goes with what an operation reads, so that a client can follow from there. It is never newer than
 * the rows beside it: the read engine takes it in the statement that reads them, and the ordinary path takes it before everything else.
 */
import { type DocumentNode, visit } from 'graphql';
import { Resolver } from 'type-graphql';
import type { RootKind } from './operation/root.ts';
import type { ReadContext } from './read-engine.ts';
import { CursorScalar } from './scalars.ts';
import { namedClass } from './schema-classes.ts';
import { addRootField } from './schema-roots.ts';
import { type Sql, sql } from './sql.ts';

const FIELD = 'logPosition';

/** As text. The chain's head and not the newest event: that may be forgotten. Each reader sees the head of its own tenant alone. */
export const logPositionSql: Sql = sql`coalesce((select c.position from event_chain c
  where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text`;

const root: RootKind = () => ({ json: () => sql`to_json(${logPositionSql})::text` });

/** Of operations that are under way on the ordinary path. */
const taken = new WeakMap<object, string>();
const asking = new WeakMap<DocumentNode, boolean>();

/** Where the document asks for the position, it is read now: whatever the operation reads afterwards is at least as new. */
export async function takeLogPosition(context: ReadContext, document: DocumentNode): Promise<void> {
  const isAsked = asking.get(document) ?? asksForIt(document);
  asking.set(document, isAsked);
  if (!isAsked) return;
  const [row] = await context.read.rows<{ position: string }>(context.principal, sql`select ${logPositionSql} as position`);
  taken.set(context, row?.position ?? '0');
}

function asksForIt(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field({ name }) {
      if (name.value === FIELD) isFound = true;
    },
  });
  return isFound;
}

/** The resolver class with `logPosition`. */
export function logPositionResolver(): Function {
  const made = namedClass('LogPositionResolver');
  addRootField(made, {
    name: FIELD,
    type: () => CursorScalar,
    nullable: false,
    description:
      'The place in the log that everything beside it in this query shows at least: give it as `after` to a subscription and nothing is missed. What happened in the same moment may come once more, with a version that the rows show already.',
    args: () => [],
    read: root,
    resolve: async (context) => {
      const position = taken.get(context);
      if (position === undefined) throw new Error('The position in the log was not taken before the operation was run.');
      return position;
    },
  });
  Resolver()(made);
  return made;
}
