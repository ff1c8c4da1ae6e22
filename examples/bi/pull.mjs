// Keeps a copy of Cashgraph's flat reports as JSONL files, and asks for totals and a whole list as a file. Plain Node, no packages:
//
//   CASHGRAPH_KEY=… node pull.mjs http://127.0.0.1:4000 ./copy
//
// The first run reads everything; each later run reads only what something happened to since, from the position in `state.json`.
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const [base, folder = 'copy'] = process.argv.slice(2);
const key = process.env.CASHGRAPH_KEY;
if (!base || !key) {
  process.stderr.write('Usage: CASHGRAPH_KEY=<API key> node pull.mjs <address of the server> [folder]\n');
  process.exit(2);
}

const say = (line) => process.stdout.write(`${line}\n`);

/** Reports that can be followed: what changes in them has an event. */
const FOLLOWED = ['salesRows', 'paymentRows', 'openItemRows'];
/** Reports that change as days go by: read whole. */
const DAILY = ['ageingRows', 'cashForecastByDueDateRows', 'syncHealthRows'];
const TRIES = 5;

/** A server that is busy says when to come again. */
async function request(path, options = {}) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(new URL(path, base), {
      ...options,
      headers: { authorization: `Bearer ${key}`, ...options.headers },
    });
    if (response.ok) return response;
    if ((response.status !== 429 && response.status !== 503) || attempt === TRIES)
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    await sleep(1_000 * Number(response.headers.get('retry-after') ?? attempt));
  }
}

async function graph(query, variables = {}) {
  const response = await request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** All pages of a report, and the position from which the next reading goes on. */
async function read(report, parameters) {
  const rows = [];
  for (let after = ''; ; ) {
    const search = new URLSearchParams({ first: '1000', ...parameters, after });
    const page = await (await request(`/reports/${report}?${search}`)).json();
    rows.push(...page.rows);
    if (page.cursor === null) return { rows, position: page.position };
    after = page.cursor;
  }
}

const fileOf = (name) => join(folder, `${name}.jsonl`);
const linesOf = (name) => (existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8').split('\n').filter(Boolean) : []);

/** Never half a file: it is written beside and then put in place. */
function save(path, text) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
const keep = (name, rows) => save(fileOf(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

mkdirSync(folder, { recursive: true });
const statePath = join(folder, 'state.json');
const state = existsSync(statePath) ? JSON.parse(readFileSync(statePath, 'utf8')) : {};

for (const report of FOLLOWED) {
  const { rows, position } = await read(report, state[report] ? { changedSince: state[report] } : {});
  const copy = new Map(linesOf(report).map((line) => [JSON.parse(line).id, JSON.parse(line)]));
  for (const row of rows) copy.set(row.id, row);
  keep(report, [...copy.values()]);
  // last: a run that is interrupted before reads the same once more
  state[report] = position;
  save(statePath, JSON.stringify(state));
  say(`${report}: ${rows.length} read, ${copy.size} kept`);
}

for (const report of DAILY) {
  const { rows } = await read(report, {});
  keep(report, rows);
  say(`${report}: ${rows.length}`);
}

// Totals need no rows: the server adds them up.
const { invoicesAggregate } = await graph(
  '{ invoicesAggregate(groupBy: [{ field: STATUS }]) { groups { key { status } count total { byCurrency { currency sum } } } } }',
);
save(join(folder, 'invoices-by-status.json'), JSON.stringify(invoicesAggregate.groups, null, 2));
say(`invoicesAggregate: ${invoicesAggregate.groups.length} groups`);

// A whole list as a file: made in the background from one snapshot, fetched from an address that ends by itself.
const QUERY = '{ customers { nodes { id number name country segment } } }';
const started = await graph(
  'mutation($input: StartExportInput!) { startExport(input: $input) { export { id } userErrors { message } } }',
  {
    input: { query: QUERY, format: 'CSV' },
  },
);
const [refused] = started.startExport.userErrors;
if (refused) throw new Error(refused.message);
const { id } = started.startExport.export;
for (let tries = 0; ; tries++) {
  const { export: found } = await graph('query($id: ID!) { export(id: $id) { lifecycle url } }', { id });
  if (found.url) {
    const file = await request(found.url);
    await pipeline(Readable.fromWeb(file.body), createWriteStream(join(folder, 'customers.csv')));
    say('customers.csv: exported');
    break;
  }
  if (found.lifecycle === 'FAILED' || found.lifecycle === 'CANCELLED' || tries > 600)
    throw new Error(`The export ended as ${found.lifecycle}.`);
  await sleep(200);
}
