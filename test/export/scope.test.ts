// Whose rows an export holds: exactly those that its starter may read, by the rights of the moment in which it runs.
import { beforeAll, describe, expect, it } from 'vitest';
import type { SealedEvent } from '../../src/outbox/event.ts';
import { sql } from '../../src/read/sql.ts';
import { bare, type Books, ISSUER, openBooks, type Person, startWorld, type World } from '../support/world.ts';
import { bill, CUSTOMERS, portalOf, standingStill } from './company.ts';
import { exported, fetched, linesOf, show, start, until } from './exporting.ts';

let world: World;
let first: Books;
let second: Books;
let admin: Person;
const INVOICES = '{ invoices { nodes { number } } }';
const numbers = async (person: Person): Promise<string[]> =>
  linesOf((await exported(world, person, { query: INVOICES })).text)
    .map((line) => String(line.number))
    .sort();

beforeAll(async () => {
  world = await startWorld();
  first = await openBooks(world);
  second = await openBooks(world, { code: 'FR01', number: 'C-2' });
  await world.addTenant('other');
  await openBooks(world, { tenant: 'other', number: 'X-1' });
  admin = await world.as('admin');
  await bill(world, { legalEntityId: first.legalEntityId, customerNumber: 'C-1', count: 2 });
  await bill(world, { legalEntityId: second.legalEntityId, customerNumber: 'C-2', count: 2 });
});

const principalOf = async ({ token }: Person) => {
  const { sub, tenant } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
    tenant: string;
  };
  const principal = await world.platform.signIn.bySubject({ issuer: ISSUER, subject: sub, tenant });
  if (!principal) throw new Error(`${sub} can't sign in`);
  return principal;
};

/** The first event of an export, from the log. */
async function eventOf(id: string): Promise<SealedEvent> {
  const stream = world.platform.events.subscribe({
    tenantId: world.tenantId,
    after: 0n,
    accepts: ({ recordId }) => recordId === bare(id),
  });
  const { value } = await stream.next();
  await stream.return?.();
  if (!value?.event) throw new Error(`${id} has no event`);
  return value.event;
}

const lifecycleOf = (id: string) => sql`select lifecycle, error_code from export where id = ${bare(id)}`;

describe('an export', () => {
  it('of a portal user holds the rows of its own customers, and fields of the others are refused', async () => {
    const portal = await portalOf(world, first, 'buyer');
    expect(await numbers(portal)).toEqual(['C-1-0000', 'C-1-0001']);
    const answer = await portal.send(
      'mutation($input: StartExportInput!) { startExport(input: $input) { export { id } userErrors { code } } }',
      { input: { query: '{ journalEntries { nodes { id } } }', format: 'JSONL' } },
    );
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of somebody with a role in one legal entity holds the rows of that one', async () => {
    await admin.do(
      'createActor',
      {
        kind: 'USER',
        name: 'local',
        issuer: ISSUER,
        subject: 'local',
        roles: [{ role: 'billing', legalEntityId: second.legalEntityId }],
      },
      'actor',
    );
    expect(await numbers(await world.as('local'))).toEqual(['C-2-0000', 'C-2-0001']);
    expect(await numbers(admin)).toEqual(['C-1-0000', 'C-1-0001', 'C-2-0000', 'C-2-0001']);
  });

  it('shows to nobody but its starter, by record, list, event or file', async () => {
    const { shown } = await exported(world, admin, { query: INVOICES });
    for (const person of [await world.as('analyst'), await world.as('admin', 'other')]) {
      expect(await show(person, shown.id)).toBeNull();
      expect((await person.ask('{ exports { nodes { id } } }'))['exports'].nodes).not.toContainEqual({ id: shown.id });
      expect((await person.refused('cancelExport', { id: shown.id }))[0]).toMatchObject({ code: 'NOT_FOUND' });
      const path = shown.url.split('?')[0];
      expect((await fetched(world, path, { authorization: `Bearer ${person.token}` })).status).toBe(404);
      const { accepts } = world.platform.contextOf(await principalOf(person), { requestId: 'x', idempotencyKey: null });
      expect(accepts(await eventOf(shown.id))).toBe(false);
    }
    const { accepts } = world.platform.contextOf(await principalOf(admin), { requestId: 'x', idempotencyKey: null });
    expect(accepts(await eventOf(shown.id))).toBe(true);
    expect((await fetched(world, shown.url.split('?')[0], { authorization: `Bearer ${admin.token}` })).status).toBe(200);
  });

  it('fails when its starter has other rights, or none, before it is done', async () => {
    for (const [subject, change] of [
      ['leaving', (id: string) => admin.do('revokeActor', { id }, 'actor')],
      ['moving', (id: string) => admin.do('setActorRoles', { id, roles: [{ role: 'warehouse' }] }, 'actor')],
    ] as const) {
      const actor = await admin.do(
        'createActor',
        { kind: 'USER', name: subject, issuer: ISSUER, subject, roles: [{ role: 'billing' }] },
        'actor',
      );
      const person = await world.as(subject);
      const { id } = await standingStill(world, async (isWaiting) => {
        const begun = await start(person, { query: CUSTOMERS });
        await isWaiting();
        await change(actor.id);
        return begun;
      });
      const ended = async () =>
        (await world.platform.systemRows<{ lifecycle: string; error_code: string | null }>(lifecycleOf(id)))[0];
      await expect.poll(ended).toEqual({ lifecycle: 'FAILED', error_code: 'FORBIDDEN' });
    }
  });

  it('that was done before its starter left can not be downloaded after', async () => {
    const actor = await admin.do(
      'createActor',
      { kind: 'USER', name: 'gone', issuer: ISSUER, subject: 'gone', roles: [{ role: 'billing' }] },
      'actor',
    );
    const { shown } = await exported(world, await world.as('gone'), { query: INVOICES });
    await admin.do('revokeActor', { id: actor.id }, 'actor');
    expect((await fetched(world, shown.url)).status).toBe(404);
  });

  it('is refused again when it runs, whatever was thought of it as it was started', async () => {
    const principal = await principalOf(await world.as('warehouse'));
    const made = await world.platform.write.run(
      world.platform.command('startExport'),
      { query: '{ payments { nodes { id } } }', format: 'JSONL' },
      { principal, requestId: 'past the check' },
    );
    const id = made.ok ? `exp_${made.recordId}` : '';
    expect(await until(await world.as('warehouse'), id, 'FAILED')).toMatchObject({
      errorCode: 'FORBIDDEN',
      errorMessage: expect.stringContaining('payments:read'),
    });
  });
});
