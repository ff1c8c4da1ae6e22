// The yardstick in Node: the order transaction of pgbench by the bare driver, seven statements one after the other, prepared, no HTTP and no
// GraphQL. In a process of its own, which is given orders over its channel.
import pg from 'pg';
import { quantile } from './quantile.ts';
import { answerOrders } from './child.ts';

export interface DriverOrder {
  readonly connection: pg.ClientConfig;
  readonly customers: number;
  readonly products: number;
  readonly seed: number;
  readonly connections: number;
  readonly ms: number;
}

export interface DriverResult {
  readonly answers: number;
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuMs: number;
}

const S = 'driver';
const LOCK = `select tenant_id, currency, balance_minor, credit_limit_minor from ${S}.customer where id = $1 and is_active for update`;
const ORDER = `insert into ${S}.sales_order (tenant_id, customer_id, number, status, currency, total_minor)
  values ($1, $2, 'SO-' || nextval('${S}.order_number'), 'CONFIRMED', $3, $4) returning id, number, status`;
const LINES = `insert into ${S}.order_line (order_id, line_number, product_id, quantity, price_minor, amount_minor)
  select $1, n, p, q, m, q * m from unnest($2::int[], $3::bigint[], $4::numeric[], $5::bigint[]) as l(n, p, q, m)`;
const BALANCE = `update ${S}.customer set balance_minor = balance_minor + $2, version = version + 1 where id = $1`;
const OUTBOX = `insert into ${S}.outbox (tenant_id, topic, payload) values ($1, 'order.placed', $2)`;

/** Draws whole numbers from 1 on; seeded, so that each run asks for the same. */
function draws(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) * most);
  };
}

async function place(client: pg.Client, { customers, products }: DriverOrder, draw: (most: number) => number): Promise<void> {
  const customer = draw(customers);
  const quantity = draw(40);
  const lines = [1, 2, 3].map((number) => ({ number, product: draw(products), quantity, price: 100 }));
  const total = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  const prepared = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
  await client.query('begin');
  const [found] = (await prepared('lock', LOCK, [customer])).rows;
  if (BigInt(found.balance_minor) + BigInt(total) > BigInt(found.credit_limit_minor)) throw new Error('Beyond the limit');
  const [made] = (await prepared('order', ORDER, [found.tenant_id, customer, found.currency, total])).rows;
  const columns = [
    lines.map((l) => l.number),
    lines.map((l) => l.product),
    lines.map((l) => l.quantity),
    lines.map((l) => l.price),
  ];
  await prepared('lines', LINES, [made.id, ...columns]);
  await prepared('balance', BALANCE, [customer, total]);
  await prepared('outbox', OUTBOX, [found.tenant_id, JSON.stringify({ id: made.id })]);
  await client.query('commit');
}

async function drive(order: DriverOrder): Promise<DriverResult> {
  const clients = await Promise.all(
    Array.from({ length: order.connections }, async () => {
      const client = new pg.Client(order.connection);
      await client.connect();
      return client;
    }),
  );
  const draw = draws(order.seed);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let at = start; at - start < order.ms; ) {
        await place(client, order, draw);
        const now = performance.now();
        times.push(now - at);
        at = now;
      }
    }),
  );
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(clients.map((client) => client.end()));
  return {
    answers: times.length,
    ms,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    serverCpuMs: (user + system) / 1_000,
  };
}

answerOrders(drive);
