// What the tests of access play on: companies that look alike, people with what they may see, and the database as it really is.
import pg from 'pg';
import { afterAll } from 'vitest';
import { bare, type Person, startWorld, type World } from '../support/world.ts';
import { type Company, openCompany, PEOPLE } from './company.ts';
import { connectErp, desk } from './company-erp.ts';
import { postWebhooks } from './company-webhooks.ts';
import type { Reach } from './reach.ts';

export { type Company, ISSUER } from './company.ts';

/** Somebody who reads, and what that person may see of the database. */
export interface Viewer {
  readonly name: string;
  readonly person: Person;
  readonly reach: Reach;
  readonly company: Company;
}

export interface Stage {
  readonly world: World;
  readonly companies: readonly Company[];
  viewer(company: Company, subject: string): Promise<Viewer>;
  /** As the database's superuser: what really is there. */
  rows<T>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** Waits until everything that happened is in the log. */
  sealed(): Promise<void>;
}

export async function startStage(
  slugs: readonly string[] = ['acme', 'beta'],
  settings: Readonly<Record<string, number>> = {},
): Promise<Stage> {
  const world = await startWorld({ now: '2026-01-10T09:00:00.000Z', connectors: [desk], settings });
  const [, ...others] = slugs;
  const tenants = new Map([['acme', world.tenantId]]);
  for (const slug of others) tenants.set(slug, await world.addTenant(slug));
  const companies = await Promise.all(
    [...tenants].map(([slug, tenantId], i) => openCompany(world, { slug, tenantId, scale: i + 1 })),
  );
  const pool = new pg.Pool({ ...world.database.connection, max: 4 });
  pool.on('error', () => {}); // the database is dropped under it
  afterAll(() => pool.end());
  const rows: Stage['rows'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  const sealed = async () => {
    while (Number((await rows<{ n: string }>('select count(*) as n from event_inbox'))[0]?.n) > 0)
      await new Promise((done) => setTimeout(done, 10));
  };
  for (const company of companies) await connectErp(rows, company);
  await sealed();
  for (const { tenantId, slug } of companies) await postWebhooks(rows, { tenantId, mark: `«${slug} - -»` });
  return { world, companies, rows, sealed, viewer: (company, subject) => viewerOf(world, company, subject) };
}

async function viewerOf(world: World, company: Company, subject: string): Promise<Viewer> {
  const person = world.withToken(await world.tokenOf(subject, company.slug));
  const { me } = await person.ask('{ me { actorId } }');
  const known = PEOPLE.find((one) => one.subject === subject);
  const entities = known?.roles.flatMap(([, entity]) => (entity ? [bare(company.entities[entity])] : [])) ?? [];
  const isWhole = !known || known.customers !== undefined || known.roles.some(([, entity]) => !entity);
  return {
    name: `${subject} in ${company.slug}`,
    person,
    company,
    reach: {
      tenantId: company.tenantId,
      actorId: bare(me.actorId),
      entityIds: isWhole ? null : entities,
      customerIds: known?.customers?.map((number) => bare(company.customers[number] ?? '')) ?? null,
      marks: {
        slug: company.slug,
        customers: known?.customers ?? null,
        entities: isWhole ? null : (known?.roles.flatMap(([, entity]) => (entity ? [entity] : [])) ?? null),
      },
    },
  };
}
