// Credentials are good for one tenant: a token counts where its subject has an actor, a key where it was made, and neither anywhere else.
import { expect, it } from 'vitest';
import { bare } from '../support/world.ts';
import { ISSUER, startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { world } = stage;

const ME = '{ me { tenantId roles customerIds } customers { nodes { id } } }';
const withToken = async (subject: string, tenant: string) => world.withToken(await world.tokenOf(subject, tenant)).send(ME);

it('a subject of one tenant that names another is answered as a subject that nobody knows, or a tenant that is not there', async () => {
  await (await world.as('admin', 'acme')).do(
    'createActor',
    { kind: 'USER', name: 'Only here', issuer: ISSUER, subject: 'only-acme', roles: [{ role: 'admin' }] },
    'actor',
  );
  expect((await withToken('only-acme', 'acme')).data?.['me'].tenantId).toBe(`ten_${acme.tenantId}`);
  const [there, nobody, nowhere] = [
    await withToken('only-acme', 'beta'),
    await withToken('nobody', 'beta'),
    await withToken('only-acme', 'no-such-tenant'),
  ];
  expect(there.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(nobody).toEqual(there);
  expect(nowhere).toEqual(there);
});

it('a subject that both tenants know acts with the roles and in the rows of the tenant that its token names', async () => {
  for (const company of [acme, beta]) {
    const { data } = await withToken('portal of C-1', company.slug);
    expect(data?.['me']).toEqual({
      tenantId: `ten_${company.tenantId}`,
      roles: ['portal'],
      customerIds: [company.customers['C-1']],
    });
    expect(data?.['customers'].nodes).toEqual([{ id: company.customers['C-1'] }]);
  }
});

it('a subject of another issuer is somebody else', async () => {
  const admin = await world.as('admin', 'acme');
  await admin.do(
    'createActor',
    { kind: 'USER', name: 'Of elsewhere', issuer: 'https://login.example.com', subject: 'elsewhere', roles: [{ role: 'admin' }] },
    'actor',
  );
  expect((await withToken('elsewhere', 'acme')).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('an API key acts in its own tenant only, and with another secret not at all', async () => {
  for (const company of [acme, beta]) {
    const { data } = await world.withToken(company.apiKey).send(ME);
    expect(data?.['me'].tenantId).toBe(`ten_${company.tenantId}`);
    expect(data?.['customers'].nodes.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      Object.values(company.customers).toSorted(),
    );
  }
  const [prefix, kind, lookup] = acme.apiKey.split('_');
  const mixed = `${prefix}_${kind}_${lookup}_${beta.apiKey.split('_')[3]}`;
  const { errors } = await world.withToken(mixed).send(ME);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('the keys of another tenant can be neither seen nor revoked', async () => {
  const admin = await world.as('admin', 'acme');
  const [theirs] = (await (await world.as('admin', 'beta')).ask('{ apiKeys { nodes { id lookup } } }'))['apiKeys'].nodes;
  const { apiKeys } = await admin.ask('query($lookup: String!) { apiKeys(where: { lookup: { eq: $lookup } }) { totalCount } }', {
    lookup: theirs.lookup,
  });
  expect(apiKeys.totalCount).toBe(0);
  expect(await admin.refused('revokeApiKey', { id: theirs.id })).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await world.withToken(beta.apiKey).send(ME)).data?.['me'].tenantId).toBe(`ten_${beta.tenantId}`);
});

it('a portal user keeps to its customers when one of them gets a new account', async () => {
  const { person, reach } = await stage.viewer(acme, 'portal of C-1');
  const admin = await world.as('admin', 'acme');
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code: 'IT01', name: 'IT01', country: 'IT', functionalCurrency: 'EUR', timeZone: 'Europe/Rome' },
    'legalEntity',
  );
  for (const number of ['C-1', 'C-3'])
    await admin.do('openAccount', { customerId: acme.customers[number], legalEntityId, number, currency: 'EUR' }, 'account');
  const { customerAccounts } = await person.ask('{ customerAccounts { nodes { customerId } } }');
  for (const { customerId } of customerAccounts.nodes) expect(reach.customerIds).toContain(bare(customerId));
});
