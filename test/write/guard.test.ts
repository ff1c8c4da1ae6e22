// The write guard: whatever a command decides, no row of another tenant, legal entity or account than the actor's passes.
import { expect, it } from 'vitest';
import type { Grant, Permission } from '../../src/access/policy.ts';
import type { Principal } from '../../src/access/principal.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import type { RowChange } from '../../src/write/command.ts';
import { guardRow } from '../../src/write/rows.ts';
import { openBooks, type Person, startWorld } from '../support/world.ts';
import { broken, ISSUER, rowsOf } from './company.ts';

const permission: Permission = 'invoices:issue';
const principalWith = (grant: Grant | null, portal: Principal['portal'] = null): Principal => ({
  tenantId: 'mine',
  actorId: 'actor',
  personId: 'actor',
  kind: portal ? 'PORTAL' : 'USER',
  name: 'Ann',
  roles: [],
  grants: new Map(grant === null ? [] : [[permission, grant]]),
  portal,
  expiresAt: null,
});
type Owner = Readonly<Record<string, unknown>>;
const kinds: readonly ((owner: Owner) => RowChange)[] = [
  (values) => ({ op: 'insert', entity: 'Invoice', values }),
  (owner) => ({ op: 'update', entity: 'Invoice', id: 'id', version: 1, set: { tenantId: 'mine', legalEntityId: 'DE' }, owner }),
  (owner) => ({ op: 'delete', entity: 'Invoice', id: 'id', owner }),
];
/** What the guard says of an insert, an update and a delete of such a row. */
const verdicts = (principal: Principal, owner: Owner) =>
  kinds.map((kind) => {
    try {
      guardRow(kind(owner), { principal, permission });
      return 'passes';
    } catch (error) {
      return error instanceof DomainError ? error.code : error;
    }
  });
const all = (verdict: string) => [verdict, verdict, verdict];

it('refuses rows of another tenant or of none, whatever the grant, and whether they are inserted, changed or deleted', () => {
  expect(verdicts(principalWith('ALL'), { tenantId: 'mine', legalEntityId: 'DE' })).toEqual(all('passes'));
  expect(verdicts(principalWith('ALL'), { tenantId: 'other', legalEntityId: 'DE' })).toEqual(all('FORBIDDEN'));
  expect(verdicts(principalWith('ALL'), { legalEntityId: 'DE' })).toEqual(all('FORBIDDEN'));
});

it('refuses rows of a legal entity that the permission is not granted for; those of the whole tenant need any grant', () => {
  const half = principalWith(['FR', 'IT']);
  expect(verdicts(half, { tenantId: 'mine', legalEntityId: 'IT' })).toEqual(all('passes'));
  expect(verdicts(half, { tenantId: 'mine', legalEntityId: 'DE' })).toEqual(all('FORBIDDEN'));
  expect(verdicts(half, { tenantId: 'mine' })).toEqual(all('passes'));
  expect(verdicts(principalWith(null), { tenantId: 'mine' })).toEqual(all('FORBIDDEN'));
});

it('refuses a portal user every row that is not on an account of theirs', () => {
  const portal = principalWith('ALL', { customerIds: ['c'], accountIds: ['a'] });
  expect(verdicts(portal, { tenantId: 'mine', legalEntityId: 'DE', accountId: 'a' })).toEqual(all('passes'));
  expect(verdicts(portal, { tenantId: 'mine', legalEntityId: 'DE', accountId: 'b' })).toEqual(all('FORBIDDEN'));
  expect(verdicts(portal, { tenantId: 'mine', legalEntityId: 'DE' })).toEqual(all('FORBIDDEN'));
});

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const german = await openBooks(world);
const french = await openBooks(world, { code: 'FR01', number: 'C-2' });
const admin = await world.as('admin');
const lines = [{ description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];

/** Somebody with roles of their own choosing. */
async function hire(subject: string, roles: readonly { role: string; legalEntityId?: string }[]): Promise<Person> {
  await admin.do('createActor', { kind: 'USER', name: subject, issuer: ISSUER, subject, roles }, 'actor');
  return world.withToken(await world.tokenOf(subject));
}
const codes = async (person: Person, name: string, input: object): Promise<unknown> => {
  const inputType = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
  const { data, errors } = await person.send(
    `mutation($input: ${inputType}) { ${name}(input: $input) { userErrors { code } } }`,
    { input },
  );
  return errors?.[0]?.extensions?.['code'] ?? data?.[name].userErrors[0]?.code ?? 'done';
};
const content = () =>
  rowsOf(world, 'select id, version, status from invoice union all select id, version, status from payment order by id');

it('lets an actor of one legal entity write there, and nowhere else: what they see is forbidden, what they do not see is not found', async () => {
  const draft = (await admin.do('draftInvoice', { accountId: german.accountId, lines }, 'invoice')).id;
  const sold = (await admin.do('draftInvoice', { accountId: german.accountId, lines }, 'invoice')).id;
  await admin.do('issueInvoice', { id: sold }, 'invoice');
  const paid = (
    await admin.do('recordPayment', { accountId: german.accountId, amount: { amount: '5', currency: 'EUR' } }, 'payment')
  ).id;
  const before = await content();
  const { legalEntityId } = french;
  const roles = [
    { role: 'billing', legalEntityId },
    { role: 'cash', legalEntityId },
  ];
  const blind = await hire('blind', roles);
  const seeing = await hire('seeing', [...roles, { role: 'analyst' }]);
  const attempts: readonly (readonly [string, object])[] = [
    ['draftInvoice', { accountId: german.accountId, lines }],
    ['changeInvoiceDraft', { id: draft, expectedVersion: 1, lines }],
    ['issueInvoice', { id: draft }],
    ['cancelInvoiceDraft', { id: draft }],
    ['issueCreditNote', { invoiceId: sold, reason: 'No' }],
    ['recordPayment', { accountId: german.accountId, amount: { amount: '1', currency: 'EUR' } }],
    ['applyCash', { paymentId: paid, allocations: [{ invoiceId: sold, amount: '1' }] }],
    ['closeBooks', { id: german.legalEntityId, through: '2026-01-31' }],
  ];
  for (const [name, input] of attempts) {
    expect(await codes(blind, name, input), name).toBe('NOT_FOUND');
    expect(await codes(seeing, name, input), name).toBe('FORBIDDEN');
  }
  expect(await content()).toEqual(before);
  for (const person of [blind, seeing])
    expect(await codes(person, 'draftInvoice', { accountId: french.accountId, lines })).toBe('done');
  expect(await broken(world, world.tenantId)).toEqual([]);
});

it('lets an administrator of one legal entity give and take roles there only', async () => {
  const { legalEntityId } = french;
  const local = await hire('local', [{ role: 'admin', legalEntityId }]);
  const colleague = await admin.do(
    'createActor',
    { kind: 'USER', name: 'All', issuer: ISSUER, subject: 'all', roles: [{ role: 'cash' }] },
    'actor',
  );
  const actor = { kind: 'USER', name: 'New', issuer: ISSUER };
  const expiresAt = '2027-01-01T00:00:00Z';
  expect(await codes(local, 'createActor', { ...actor, subject: 'n1', roles: [{ role: 'admin' }] })).toBe('FORBIDDEN');
  expect(
    await codes(local, 'createActor', {
      ...actor,
      subject: 'n2',
      roles: [{ role: 'cash', legalEntityId: german.legalEntityId }],
    }),
  ).toBe('FORBIDDEN');
  expect(
    await codes(local, 'createActor', { ...actor, kind: 'PORTAL', subject: 'n3', roles: [], customerIds: [german.customerId] }),
  ).toBe('FORBIDDEN');
  expect(await codes(local, 'createApiKey', { name: 'Key', expiresAt, roles: [{ role: 'integration' }] })).toBe('FORBIDDEN');
  expect(await codes(local, 'setActorRoles', { id: colleague.id, roles: [{ role: 'cash', legalEntityId }] })).toBe('FORBIDDEN');
  expect(await codes(local, 'revokeActor', { id: colleague.id })).toBe('FORBIDDEN');
  expect(await codes(local, 'createActor', { ...actor, subject: 'n4', roles: [{ role: 'cash', legalEntityId }] })).toBe('done');
  expect(await codes(local, 'createApiKey', { name: 'Key', expiresAt, roles: [{ role: 'integration', legalEntityId }] })).toBe(
    'done',
  );
  expect(await rowsOf(world, `select subject from actor where subject in ('n1', 'n2', 'n3')`)).toEqual([]);
});
