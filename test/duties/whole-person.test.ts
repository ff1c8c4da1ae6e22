// Pairs that one person may not hold at all: neither set while somebody holds both, nor given to one person in whatever parts, and
// refused at work to whoever holds both nevertheless.
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/cli/tenant.ts';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { broken, ISSUER, rowsOf } from '../write/company.ts';
import { byItself, inSet, makeKey, makePerson, overHttp, setDoerOf } from './people.ts';

const world = await startWorld();
const german = await openBooks(world);
const french = await openBooks(world, { code: 'FR01', number: 'C-2' });
const admin = await world.as('admin');
const PAIR = { firstPermission: 'invoices:issue', secondPermission: 'cash:apply', extent: 'PERSON' };
const BOTH = [{ role: 'billing' }, { role: 'cash' }];
const LINES = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
const actor = (subject: string, roles: readonly object[]) => ({ kind: 'USER', name: subject, issuer: ISSUER, subject, roles });
const tomorrow = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
const key = (roles: readonly object[]) => ({ name: 'Key', roles, expiresAt: tomorrow });
const idOfActor = async (subject: string) =>
  `act_${(await rowsOf<{ id: string }>(world, 'select id from actor where tenant_id = $1 and subject = $2', [world.tenantId, subject]))[0]?.id}`;

describe('before it is set', () => {
  it('is refused while people hold both, and says how many and who; administrators, who hold all, do not count', async () => {
    const annId = (await admin.do('createActor', actor('ann', BOTH), 'actor')).id;
    const zoe = await makePerson(world, 'zoe', [{ role: 'admin' }]);
    for (const { role } of BOTH) await makeKey(world, zoe, [{ role }]);
    const [error] = await admin.refused('setForbiddenPair', PAIR);
    expect(error).toMatchObject({ code: 'DUTIES_CONFLICT', path: ['input', 'extent'] });
    expect(error?.message).toContain('2 people hold both');
    expect(error?.message).toContain(annId);
    expect(error?.message).toContain(await idOfActor('zoe'));
    await admin.do('setActorRoles', { id: annId, roles: [{ role: 'billing' }] }, 'actor');
    const { apiKeys } = await admin.ask('{ apiKeys { nodes { id } } }');
    await admin.do('revokeApiKey', { id: apiKeys.nodes[0].id }, 'apiKey');
    await admin.do('setForbiddenPair', PAIR, 'forbiddenPair');
  });
});

it("an API key changes its maker's roles no more than its maker does", async () => {
  const yan = await makePerson(world, 'yan', [{ role: 'admin' }]);
  const made = await makeKey(world, yan, [{ role: 'admin' }]);
  const input = { id: await idOfActor('yan'), roles: [{ role: 'admin' }, { role: 'credit' }] };
  for (const person of [yan, made]) expect((await person.refused('setActorRoles', input))[0]?.code).toBe('SELF_GRANT');
});

describe('once it is set', () => {
  let zoe: Person;
  beforeAll(async () => {
    zoe = world.withToken(await world.tokenOf('zoe')); // holds one half by a key that is left
  });

  it('nobody is made with both', async () => {
    const [error] = await admin.refused('createActor', actor('carl', BOTH));
    expect(error).toMatchObject({ code: 'DUTIES_CONFLICT', path: ['input', 'roles'] });
  });

  it('one person may hold each half for another legal entity', async () => {
    const { legalEntityId: de } = german;
    const { legalEntityId: fr } = french;
    const apart = [
      { role: 'billing', legalEntityId: de },
      { role: 'cash', legalEntityId: fr },
    ];
    await admin.do('createActor', actor('dora', apart), 'actor');
    const common = [...apart, { role: 'cash', legalEntityId: de }];
    expect((await admin.refused('setActorRoles', { id: await idOfActor('dora'), roles: common }))[0]?.code).toBe(
      'DUTIES_CONFLICT',
    );
    const forAll = [...apart, { role: 'cash' }];
    expect((await admin.refused('setActorRoles', { id: await idOfActor('dora'), roles: forAll }))[0]?.code).toBe(
      'DUTIES_CONFLICT',
    );
  });

  it('nobody is given the other half later', async () => {
    expect((await admin.refused('setActorRoles', { id: await idOfActor('ann'), roles: BOTH }))[0]?.code).toBe('DUTIES_CONFLICT');
  });

  it('no key has both, nor do the keys of one person together, nor a person with its keys', async () => {
    expect((await admin.refused('createApiKey', key(BOTH)))[0]?.code).toBe('DUTIES_CONFLICT');
    const given = await Promise.all(
      BOTH.map(async (role) => {
        const { createApiKey } = await admin.ask(
          'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } userErrors { code } } }',
          { input: key([role]) },
        );
        return createApiKey.userErrors.map((e: { code: string }) => e.code).join() || 'made';
      }),
    );
    expect(
      given.toSorted((a, b) => a.localeCompare(b)),
      'two at once',
    ).toEqual(['DUTIES_CONFLICT', 'made']);
    const left = await rowsOf<{ role: string }>(
      world,
      `select r.role from actor a join actor_role r on r.actor_id = a.id join api_key k on k.actor_id = a.id and k.revoked_at is null where a.owner_id = $1`,
      [(await idOfActor('zoe')).slice(4)],
    );
    const other = left[0]?.role === 'billing' ? 'cash' : 'billing';
    const roles = [{ role: other }];
    expect((await admin.refused('setActorRoles', { id: await idOfActor('zoe'), roles }))[0]?.code).toBe('DUTIES_CONFLICT');
    expect((await zoe.refused('createApiKey', key(roles)))[0]?.code).toBe('DUTIES_CONFLICT');
  });

  it('an administrator, who holds both, can use neither by any way; those with one half can', async () => {
    const { accountId } = german;
    const draft = (await admin.do('draftInvoice', { accountId, lines: LINES }, 'invoice')).id;
    for (const doer of [overHttp(world, admin), await setDoerOf(world, 'admin')]) {
      const { codes, messages } = await doer('issueInvoice', { id: draft });
      expect(codes).toEqual(['DUTIES_CONFLICT']);
      expect(messages[0]).toContain('your roles give both');
      const applied = { paymentId: 'pay_01999999-0000-7000-8000-000000000001', allocations: [{ invoiceId: draft, amount: '1' }] };
      expect((await doer('applyCash', applied)).codes, 'whatever it is for').toEqual(['DUTIES_CONFLICT']);
    }
    expect((await overHttp(world, await world.as('billing'))('issueInvoice', { id: draft })).codes).toEqual([]);
  });

  it('whoever was given both behind our back can use neither, nor can a key; Cashgraph itself can', async () => {
    const { accountId } = german;
    const draft = async () => (await admin.do('draftInvoice', { accountId, lines: LINES }, 'invoice')).id as string;
    const address = { connection: world.database.connection, rolePrefix: 'cashgraph' };
    const roles = BOTH.map(({ role }) => role);
    await ensureActor(address, world.tenantId, { name: 'Eve', issuer: ISSUER, subject: 'eve', roles });
    const eve = overHttp(world, world.withToken(await world.tokenOf('eve')));
    const id = await draft();
    for (const doer of [eve, await setDoerOf(world, 'eve')]) {
      expect((await doer('issueInvoice', { id })).codes).toEqual(['DUTIES_CONFLICT']);
    }
    const principal = await world.platform.systemPrincipal(world.tenantId);
    const asKey = { ...principal, kind: 'API_KEY', personId: principal.actorId } as const;
    expect((await inSet(world, asKey)('issueInvoice', { id })).codes).toEqual(['DUTIES_CONFLICT']);
    expect((await (await byItself(world))('issueInvoice', { id })).codes).toEqual([]);
  });

  it('doctor finds whoever holds both, and nobody else', async () => {
    const found = (await broken(world, world.tenantId)).filter((f) => (f as { name: string }).name === 'no-pair-held');
    expect(found).toMatchObject([{ number: 24, offending: [{ record: 'actor', id: (await idOfActor('eve')).slice(4) }] }]);
  });
});
