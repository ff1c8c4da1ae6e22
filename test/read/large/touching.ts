// Asks a whole operation of the read engine, watches which statement it becomes, and has the database count what that looks at.
import { type GraphQLSchema, parse } from 'graphql';
import type pg from 'pg';
import type { Principal } from '../../../src/access/principal.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { Catalogue } from '../../../src/read/catalogue.ts';
import { createReadEngine, type ReadEngine } from '../../../src/read/engine.ts';
import { wholeOperation } from '../../../src/read/operation/operation.ts';
import { createReadPool, type Settings } from '../../../src/read/pool.ts';
import { type Plan, scansOf } from './plans.ts';

export const FORMS = ['rows', 'json'] as const;
export type FormName = (typeof FORMS)[number];

export interface Asked {
  readonly source: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly form?: FormName;
}

export interface Touched {
  /** In all scans, also those that a filter threw away. */
  readonly rows: number;
  readonly blocks: number;
  /** Tables that were read from end to end. */
  readonly whole: readonly string[];
}

export interface Touching {
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have the shape of their queries
  ask(asked: Asked): Promise<any>;
  touched(asked: Asked): Promise<Touched>;
  end(): Promise<void>;
}

export interface TouchingOptions {
  readonly connection: pg.ClientConfig;
  /** As the administrator: counts what the reading role would touch. */
  readonly admin: pg.Client;
  readonly catalogue: Catalogue;
  readonly schema: GraphQLSchema;
  readonly clock: Clock;
  principal(): Promise<Principal | null>;
}

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly settings: Settings;
}

export function openTouching({ connection, admin, catalogue, schema, clock, principal: find }: TouchingOptions): Touching {
  let sent: Sent[] = [];
  const pool = createReadPool({ connection, role: 'cashgraph_read', max: 2, statementTimeoutMs: 20_000 });
  const bytes: typeof pool.bytes = {
    ...pool.bytes,
    run(statement, settings, sink) {
      sent.push({ ...statement, settings });
      return pool.bytes.run(statement, settings, sink);
    },
  };
  const watched: typeof pool = { ...pool, bytes };
  const options = { catalogue, pools: { read: watched, portal: watched }, clock };
  const engines: Readonly<Record<FormName, ReadEngine>> = {
    rows: createReadEngine(options),
    json: createReadEngine({ ...options, form: 'JSON' }),
  };

  const ask: Touching['ask'] = async ({ source, variables = {}, form = 'rows' }) => {
    const principal = await find();
    const document = parse(source);
    const [definition] = document.definitions;
    if (!principal || definition?.kind !== 'OperationDefinition') throw new Error('Nobody asks, or nothing.');
    const operation = wholeOperation({ schema, document, operation: definition });
    sent = [];
    const answer = operation && (await engines[form].operation({ operation, principal, variables }));
    if (!answer || !('data' in answer)) throw new Error('It was not answered whole.');
    return JSON.parse(Buffer.concat(answer.data).toString());
  };

  return {
    ask,
    async touched(asked) {
      await ask(asked);
      const [statement] = sent;
      if (!statement) throw new Error('No statement was sent.');
      return count(admin, statement);
    },
    end: () => pool.end(),
  };
}

async function count(admin: pg.Client, { text, values, settings }: Sent): Promise<Touched> {
  await admin.query('begin; set local role cashgraph_read; set local jit = off');
  for (const [name, value] of Object.entries(settings)) await admin.query('select set_config($1, $2, true)', [name, value]);
  const { rows } = await admin.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>({
    text: `explain (analyze, buffers, format json) ${text}`,
    values: [...values],
  });
  await admin.query('rollback');
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan ?? { 'Node Type': '' };
  const scans = scansOf(plan);
  const seen = scans.map((s) => (s['Actual Loops'] ?? 0) * ((s['Actual Rows'] ?? 0) + (s['Rows Removed by Filter'] ?? 0)));
  return {
    rows: Math.round(seen.reduce((sum, n) => sum + n, 0)),
    blocks: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
    whole: scans.filter((s) => s['Node Type'] === 'Seq Scan').map((s) => s['Relation Name'] ?? ''),
  };
}
