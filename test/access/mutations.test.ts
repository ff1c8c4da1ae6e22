// A mutation that names what belongs to somebody else is answered as if that didn't exist: the same code, message and path as for
// an id that nobody has, and nothing in the database changes. Every id in every input is tried.
import { getNamedType, isInputObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { foldAgeing } from '../../src/o2c/open-item/ageing.read.ts';
import type { Answer } from '../support/world.ts';
import { type Graph, isList, rootFields } from './graph.ts';
import { BULK, INPUTS } from './mutation-inputs.ts';
import { type Company, startStage, type Viewer } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

type Ids = Readonly<Record<string, string>>;

/** Where one id of each kind is found: a list, and what it is narrowed to. */
const ON_ACCOUNT: Readonly<Record<string, readonly [string, string]>> = {
  draft: ['invoices', 'lifecycle: { eq: DRAFT }'],
  invoice: ['invoices', 'paid: { currency: "EUR", gt: "0" }'],
  payment: ['payments', 'status: { eq: PARTIALLY_APPLIED }'],
  pending: ['payments', 'lifecycle: { eq: PENDING }'],
  note: ['creditNotes', ''],
  allocation: ['allocations', 'kind: { eq: CASH }'],
  orderDraft: ['orders', 'lifecycle: { eq: DRAFT }'],
  submitted: ['orders', 'lifecycle: { eq: SUBMITTED }'],
  order: ['orders', 'lifecycle: { eq: CONFIRMED }'],
  hold: ['holds', 'kind: { eq: MANUAL }'],
  creditHold: ['holds', 'kind: { eq: CREDIT }'],
  planned: ['fulfilments', 'lifecycle: { eq: PLANNED }'],
  shipped: ['fulfilments', 'lifecycle: { eq: SHIPPED }'],
  release: ['approvals', 'kind: { eq: CREDIT_RELEASE }'],
  writeOff: ['approvals', 'kind: { eq: WRITE_OFF }'],
  request: ['erpRequests', ''],
};

const OF_TENANT: Readonly<Record<string, readonly [string, string]>> = {
  key: ['apiKeys', ''],
  terms: ['allPaymentTerms', ''],
  actor: ['actors', 'kind: { eq: PORTAL }'],
  product: ['products', ''],
  priceList: ['priceLists', ''],
  pair: ['forbiddenPairs', ''],
  rule: ['validationRules', ''],
  provider: ['logisticsProviders', ''],
  connection: ['connections', ''],
  issue: ['syncIssues', ''],
  match: ['customerMatches', ''],
  export: ['exports', ''],
  upload: ['uploads', ''],
  import: ['imports', ''],
  endpoint: ['webhookEndpoints', ''],
  delivery: ['webhookDeliveries', ''],
  limit: ['approvals', 'kind: { eq: CREDIT_LIMIT } lifecycle: { eq: REQUESTED }'],
};

/** One id of each kind, as somebody who sees all of the company finds them. */
async function idsOf({ slug, entities, customers, accounts }: Company, place: string): Promise<Ids> {
  const [number = '', code = ''] = place.split(' ');
  const admin = await stage.world.as('admin', slug);
  const accountId = accounts[place] ?? '';
  const asked = (of: typeof OF_TENANT, where: string) =>
    Object.entries(of).map(([kind, [list, more]]) => `${kind}: ${list}(where: { ${where} ${more} }) { nodes { id } }`);
  const queries = [asked(ON_ACCOUNT, `accountId: { eq: "${accountId}" }`), asked(OF_TENANT, '')];
  const answers = await Promise.all(queries.map((lists) => admin.ask(`{ ${lists.join(' ')} }`)));
  const found = Object.assign({}, ...answers) as Awaited<ReturnType<typeof admin.ask>>;
  const first = Object.fromEntries(Object.entries(found).map(([kind, { nodes }]) => [kind, nodes[0].id as string]));
  const lineOf = async (id = '') =>
    (await admin.ask('query($id: ID!) { order(id: $id) { lines { id } } }', { id }))['order'].lines[0].id;
  const lines = { orderLine: await lineOf(first['order']), submittedLine: await lineOf(first['submitted']) };
  return { ...first, ...lines, entity: Object(entities)[code], customer: customers[number] ?? '', account: accountId };
}

const KINDS = [
  ...Object.keys(ON_ACCOUNT),
  ...Object.keys(OF_TENANT),
  'orderLine',
  'submittedLine',
  'entity',
  'customer',
  'account',
];

type Path = readonly (string | number)[];

/** The places of an input where an id stands. */
function idPlaces(value: unknown, own: Ids, path: Path = []): readonly { path: Path; kind: string }[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => idPlaces(one, own, [...path, i]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, one]) => idPlaces(one, own, [...path, name]));
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  const isId = /^id$|Ids?$/.test(name) && name !== 'externalId' && own[String(value)] !== undefined;
  return isId ? [{ path, kind: String(value) }] : [];
}

function filled(value: unknown, ids: (kind: string, path: Path) => string, own: Ids, path: Path = []): unknown {
  if (Array.isArray(value)) return value.map((one, i) => filled(one, ids, own, [...path, i]));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, ids, own, [...path, name])]));
  return idPlaces(value, own, path).length > 0 ? ids(String(value), path) : value;
}

async function run({ person }: Viewer, name: string, input: unknown): Promise<Answer> {
  const type = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
  const errors = 'userErrors { code message path }';
  const asked = name in BULK ? `results { ${errors} } ${errors}` : errors;
  return person.send(`mutation($input: ${type}) { ${name}(input: $input) { ${asked} } }`, { input });
}

/** Of one input; of many those of each. */
const errorsIn = ({
  userErrors,
  results = [],
}: {
  userErrors: { code: string }[];
  results?: { userErrors: { code: string }[] }[];
}) => [...userErrors, ...results.flatMap((result) => result.userErrors)];

/** What the asker can tell answers apart by; the number of an unforeseen error is another each time. */
function told({ data, errors }: Answer, id: string): unknown {
  const shown = errors?.map(({ message, path, extensions }) => ({
    message: message.replace(/[0-9a-f-]{36}|err_\w+/g, ''),
    path,
    code: extensions?.['code'],
  }));
  return JSON.parse(JSON.stringify({ data, errors: shown }).replaceAll(id, 'ID'));
}

const wasRefused = ({ data, errors }: Answer) =>
  errors !== undefined || Object.values(data ?? {}).some((payload) => errorsIn(payload).length > 0);

/** Everything in the tenants' tables, as one text. */
async function everything(): Promise<string> {
  // what is folded by the clock would else be folded at the turn of a minute, between two looks
  await stage.world.platform.systemRows(foldAgeing(stage.world.clock.now()));
  const tables = await stage.rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const hashes = await Promise.all(
    tables.map(({ name }) =>
      stage.rows(`select '${name}' as name, md5(coalesce(string_agg(t::text, ';' order by t::text), '')) as hash from ${name} t`),
    ),
  );
  return JSON.stringify(hashes);
}

it.each([
  ['another tenant', 'admin', async () => [await idsOf(acme, 'C-3 DE01'), await idsOf(beta, 'C-3 DE01')] as const],
  [
    'another legal entity',
    'admin of DE01',
    async () =>
      [
        await idsOf(acme, 'C-3 DE01'),
        {
          ...(await idsOf(beta, 'C-3 DE01')),
          ...without(await idsOf(acme, 'C-3 FR01'), [...Object.keys(OF_TENANT), 'customer']),
        },
      ] as const,
  ],
  [
    'another customer',
    'portal of C-2',
    async () =>
      [
        await idsOf(acme, 'C-2 DE01'),
        { ...(await idsOf(beta, 'C-2 DE01')), ...without(await idsOf(acme, 'C-1 DE01'), [...Object.keys(OF_TENANT), 'entity']) },
      ] as const,
  ],
])('what belongs to %s is refused as what nobody has, and stays as it is', async (_whose, subject, ids) => {
  const viewer = await stage.viewer(acme, subject);
  const [own, theirs] = await ids();
  // else a schedule would work it off meanwhile
  await stage.rows('delete from customer_to_compare');
  const before = await everything();
  const differing: unknown[] = [];
  for (const [name, inputs] of Object.entries(INPUTS)) {
    for (const input of inputs) {
      for (const place of idPlaces(input, own)) {
        const nobodys = (own[place.kind] ?? '').replace(/_.*/, '_01999999-0000-7000-8000-000000000001');
        const withId = (id: string) =>
          filled(input, (kind, path) => (String(path) === String(place.path) ? id : (own[kind] ?? '')), own);
        const [another, nobody] = [
          await run(viewer, name, withId(theirs[place.kind] ?? '')),
          await run(viewer, name, withId(nobodys)),
        ];
        expect(wasRefused(another), `${name} ${place.path.join('.')}`).toBe(true);
        const answers = [told(another, theirs[place.kind] ?? ''), told(nobody, nobodys)];
        if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1]))
          differing.push([`${name} ${place.path.join('.')}`, ...answers]);
      }
    }
  }
  expect(differing).toEqual([]);
  expect(await everything()).toBe(before);
});

const without = (ids: Ids, kinds: readonly string[]): Ids =>
  Object.fromEntries(Object.entries(ids).filter(([kind]) => !kinds.includes(kind)));

/** Known records in a state that does not allow it, or asked for by another person: neither is said of what isn't there. */
const IN_ITS_STATE: readonly string[] = [
  'setActorRoles INVALID_INPUT',
  'withdrawApproval FORBIDDEN',
  'expireApproval WRONG_STATE',
  'updateCustomer HIERARCHY_CYCLE',
  'requestCreditLimit ALREADY_EXISTS',
  'approveCreditLimit AMOUNT_INVALID',
  'unblockCredit WRONG_STATE',
  'matchCustomers INVALID_INPUT',
  'rejectCustomerMatch WRONG_STATE',
  'undoCustomerMatch WRONG_STATE',
  'confirmOrder ORDER_ON_HOLD',
  'closeOrderShort IN_USE',
  'requestCreditRelease ALREADY_EXISTS',
  'approveCreditRelease AMOUNT_INVALID',
  'shipFulfilment WRONG_STATE',
  'updateConnection WRONG_STATE',
  'syncConnection WRONG_STATE',
  'replayConnection WRONG_STATE',
  'checkConnection SECRET_UNREADABLE',
  'reconcileConnection SECRET_UNREADABLE',
  'retrySyncIssue SECRET_UNREADABLE',
  'billOrder QUANTITY_EXCEEDED',
  'creditReturn QUANTITY_EXCEEDED',
  'applyCredit OVER_ALLOCATION',
  'writeOff APPROVAL_NEEDED',
  'requestWriteOff ALREADY_EXISTS',
  'approveWriteOff AMOUNT_INVALID',
  'cancelExport WRONG_STATE',
  'restartExport WRONG_STATE',
  'cancelImport WRONG_STATE',
  'pauseWebhookEndpoint WRONG_STATE',
];

it('with own ids the same inputs are taken for real, so it was the id alone that was refused', async () => {
  const viewer = await stage.viewer(acme, 'admin');
  const own = await idsOf(acme, 'C-3 DE01');
  const refused: string[] = [];
  for (const [name, inputs] of Object.entries(INPUTS)) {
    for (const input of inputs) {
      const { data, errors } = await run(viewer, name, {
        ...(filled(input, (kind) => own[kind] ?? '', own) as object),
        ...(canBeTried(name) ? { dryRun: true } : {}),
      });
      const codes = [
        ...(errors ?? []).map(({ extensions }) => extensions?.['code']),
        ...(data ? errorsIn(data[name]) : []).map(({ code }) => code),
      ];
      for (const code of codes) refused.push(`${name} ${String(code)}`);
    }
  }
  expect(refused).toEqual(IN_ITS_STATE);
});

/** What is asked of an ERP can't be tried without an effect. */
function canBeTried(name: string): boolean {
  const input = getNamedType(rootFields(graph, 'Mutation').get(name)?.args[0]?.type);
  return isInputObjectType(input) && input.getFields()['dryRun'] !== undefined;
}

it('every id that a mutation takes is tried', () => {
  const inSchema = (type: unknown, path: string): string[] => {
    if (!isInputObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const at = `${path}.${field.name}${isList(field.type as never) ? '.0' : ''}`;
      const named = getNamedType(field.type);
      return named.name === 'ID' ? [at] : inSchema(named, at);
    });
  };
  const mutations = [...rootFields(graph, 'Mutation').values()];
  const idsOfInput = (field: (typeof mutations)[number]) =>
    field.args.flatMap((arg) => inSchema(getNamedType(arg.type), field.name));
  // those for many take for each item what the single one takes
  for (const field of mutations.filter(({ name }) => name.startsWith('bulk'))) {
    const single = mutations.find(({ name }) => field.description?.startsWith(`${name} for up to`));
    if (!single) throw new Error(`${field.name} is not the same as another mutation.`);
    expect(idsOfInput(field).map((path) => path.replace(/^\w+\.input\.items\.0|^\w+\.items\.0/, single.name))).toEqual(
      idsOfInput(single),
    );
  }
  const wanted = mutations.filter(({ name }) => !name.startsWith('bulk') || name in BULK).flatMap(idsOfInput);
  const names = Object.fromEntries(KINDS.map((kind) => [kind, kind]));
  const tried = Object.entries(INPUTS).flatMap(([name, inputs]) =>
    inputs.flatMap((input) => idPlaces(input, names).map(({ path }) => `${name}.${path.join('.')}`)),
  );
  expect([...new Set(tried)].toSorted()).toEqual(wanted.toSorted());
});
