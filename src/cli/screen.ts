/** What `start` prints when it is ready: one screen with every address, how to sign in, and one query to paste. */
import { relative } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import type { DemoErpAtWork } from './demo-erps.ts';
import type { Login } from './logins.ts';
import { CONNECTIONS_QUERY, FIRST_QUERY } from './operations.ts';
import type { Serving } from './serving.ts';

export interface ScreenFacts {
  readonly serving: Serving;
  readonly config: Config;
  readonly database: Database;
  readonly logins: readonly Login[];
  /** Of the demo's simulated third parties. */
  readonly logisticsUrl: string | null;
  readonly webhooksUrl: string | null;
  readonly erps: readonly DemoErpAtWork[];
  readonly isDataDirGiven: boolean;
}

const LOGINS_MAX = 12;

/** A few dozen lines for a terminal. */
export function screenOf(facts: ScreenFacts): string {
  const { serving, config, database, logins, logisticsUrl, webhooksUrl, erps, isDataDirGiven } = facts;
  const { url } = serving;
  const near = relative(process.cwd(), config.dataDir) || '.';
  const folder = near.startsWith('..') ? config.dataDir : near;
  const cli = 'npm run --silent cashgraph --';
  const more = isDataDirGiven ? ` --data-dir ${/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`}` : '';
  const where = database.isEmbedded
    ? `Postgres ${database.version}, embedded, data in ${folder}`
    : `Postgres ${database.version} of DATABASE_URL`;
  return [
    '',
    'Cashgraph is ready.',
    '',
    `  API        ${url}/graphql`,
    ...(config.hasGraphiql ? [`  GraphiQL   ${url}/`] : []),
    `  Health     ${url}/readyz`,
    `  Database   ${where}`,
    ...(logisticsUrl === null ? [] : [`  Logistics  ${logisticsUrl}/shipments, the simulated provider "parcel"`]),
    ...(webhooksUrl === null ? [] : [`  Webhooks   ${webhooksUrl} shows what a receiver of orders, invoices and payments got`]),
    ...erps.map(
      ({ title, url: at, legalEntities }) => `  ${title.padEnd(10)} ${at}, simulated: the books of ${legalEntities.join(', ')}`,
    ),
    '',
    ...loginLines(logins, `${cli} token`, more),
    ...(logins.length === 0 ? [] : pasteLines(url, `${cli} token --role ${logins[0]?.roles[0] ?? 'admin'}${more}`)),
    ...(erps.length === 0 ? [] : erpLines(erps)),
    database.isEmbedded ? 'Ctrl-C stops everything; `npm start -- --reset` begins anew.' : 'Ctrl-C stops the server.',
    '',
  ].join('\n');
}

function loginLines(logins: readonly Login[], command: string, more: string): string[] {
  const people = logins.filter(({ kind }) => kind === 'USER').slice(0, LOGINS_MAX);
  const width = Math.max(...people.map(({ roles }) => (roles[0] ?? '').length), 'customer'.length);
  const first = people.map(
    ({ roles }) => `  ${(roles[0] ?? '').padEnd(width)}   ${command} --role ${roles[0] ?? 'admin'}${more}`,
  );
  const portal = logins.some(({ kind }) => kind === 'PORTAL')
    ? [`  ${'customer'.padEnd(width)}   ${command} --customer 1${more}`]
    : [];
  return people.length === 0 ? [] : ['Sign in with a token (GraphiQL has them all at hand):', ...first, ...portal, ''];
}

const pasteLines = (url: string, token: string): string[] => [
  'A query to paste into GraphiQL:',
  `  ${FIRST_QUERY}`,
  'or into a terminal:',
  `  curl -s ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(${token})" \\`,
  `    -d '${JSON.stringify({ query: FIRST_QUERY })}'`,
  '',
];

const erpLines = (erps: readonly DemoErpAtWork[]): string[] => [
  `${erps.length === 1 ? 'An ERP' : 'ERPs'} at work: how the connections stand,`,
  `  ${CONNECTIONS_QUERY}`,
  `then receive a payment or take an invoice back at ${erps.at(-1)?.url ?? ''}, and see it arrive`,
  '(subscribe to invoiceChanged in GraphiQL, which has this ready).',
  '',
];
