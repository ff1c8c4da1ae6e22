// PostGraphile over the same tables, as its documentation starts it. What it can't filter by itself, ranges and sums, are functions, as it
// advises; it works as the database's administrator, without row-level security.
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { jsonPgSmartTags } from 'postgraphile/utils';
import { AGEING_SQL, endWithBench } from './peer.mjs';

const { connection, poolMax } = JSON.parse(process.argv[2]);
const FUNCTIONS = `
create schema if not exists bench_peer;
create or replace function bench_peer.open_invoices(tenant uuid, since date) returns setof public.invoice language sql stable as $$
  select * from public.invoice i where i.tenant_id = tenant and i.status in ('OPEN', 'PARTIALLY_PAID') and i.due_on >= since order by i.due_on, i.id $$;
create or replace function bench_peer.customers_after(tenant uuid, number text, id uuid) returns setof public.customer language sql stable as $$
  select * from public.customer c where c.tenant_id = tenant and (c.number, c.id) > (customers_after.number, customers_after.id) order by c.number, c.id $$;
create or replace function bench_peer.invoices_after(tenant uuid, created_at timestamptz, id uuid) returns setof public.invoice language sql stable as $$
  select * from public.invoice i where i.tenant_id = tenant and (i.created_at, i.id) > (invoices_after.created_at, invoices_after.id) order by i.created_at, i.id $$;
create or replace function bench_peer.ageing(tenant uuid, today date) returns table (segment text, currency text, not_due text, days1 text, days31 text, days61 text, over90 text,
  unapplied text, total text, item_count int) language sql stable as $$ ${AGEING_SQL('tenant', 'today')} $$;`;
const admin = new pg.Client(connection);
await admin.connect();
await admin.query(FUNCTIONS);
await admin.end();

const tags = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'public.open_item': {
        tags: {
          foreignKey: [
            '(tenant_id, document_id) references invoice (tenant_id, id)|@fieldName invoice|@foreignFieldName items',
            '(tenant_id, document_id) references payment (tenant_id, id)|@fieldName payment|@foreignFieldName items',
          ],
        },
      },
    },
  },
});
const pool = new pg.Pool({ ...connection, max: poolMax });
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [tags],
  // else lists whose foreign key has a wider or partial index are left out
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ pool, schemas: ['public', 'bench_peer'] })],
  grafserv: { watch: false, graphiql: false },
  grafast: { explain: false },
});
const serv = instance.createServ(grafserv);
const server = createServer();
await serv.addTo(server);
await serv.ready();
server.listen(0, '127.0.0.1', () => endWithBench(server));
