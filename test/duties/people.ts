// People who may do everything that two people should do, the ways in which each of them can ask, and what came of it.
import { expect } from 'vitest';
import type { Principal } from '../../src/access/principal.ts';
import { type Person, type Shown, type World } from '../support/world.ts';
import { ISSUER, principalOf } from '../write/company.ts';

/** Every role of the company but the administrator's. */
const STAFF = ['order-desk', 'billing', 'cash', 'credit', 'collections'].map((role) => ({ role }));

export async function makePerson(world: World, subject: string, roles: readonly object[] = STAFF): Promise<Person> {
  const admin = await world.as('admin');
  await admin.do('createActor', { kind: 'USER', name: subject, issuer: ISSUER, subject, roles }, 'actor');
  return world.withToken(await world.tokenOf(subject));
}

/** Only administrators make keys. It outlasts the wall clock too, where a test's own clock is behind. */
export async function makeKey(world: World, maker: Person, roles: readonly object[] = STAFF): Promise<Person> {
  const expiresAt = new Date(world.clock.now().getTime() + 700 * 86_400_000).toISOString();
  const { createApiKey } = await maker.ask(
    'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { code message } } }',
    { input: { name: 'Nightly', roles, expiresAt } },
  );
  expect(createApiKey.userErrors).toEqual([]);
  return world.withToken(createApiKey.secret);
}

/** What came of a command: the record's bare id, or the codes of the refusal. */
export interface Came {
  readonly id: string | null;
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

/** A command as somebody asks for it, by one way. */
export type Doer = (command: string, input: Record<string, unknown>) => Promise<Came>;

const upperFirst = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** By a mutation over HTTP; the record's id from its events, so that the payload's fields need not be known. */
export const overHttp =
  (world: World, person: Person): Doer =>
  async (command, input) => {
    const definition = world.platform.command(command);
    const payload = world.platform.schema.getMutationType()?.getFields()[command]?.type;
    const fields = Object.keys((payload as Shown).ofType?.getFields() ?? (payload as Shown).getFields());
    const field = fields.find((name) => name !== 'userErrors' && name !== 'secret') ?? '';
    const answer = await person.send(
      `mutation($input: ${upperFirst(definition.name)}Input!) { ${command}(input: $input) { ${field} { id } userErrors { code message } } }`,
      { input },
    );
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    const shown = answer.data?.[command];
    return {
      id: shown[field]?.id.replace(/^[a-z]+_/, '') ?? null,
      codes: shown.userErrors.map((e: Shown) => e.code),
      messages: shown.userErrors.map((e: Shown) => e.message),
    };
  };

/** As one input of a set, as an import or a batch runs it. */
export const inSet =
  (world: World, principal: Principal): Doer =>
  async (command, input) => {
    const [outcome] = await world.platform.write.runSet(world.platform.command(command), [input], {
      principal,
      requestId: 'set',
    });
    if (!outcome) throw new Error(`${command} had no outcome`);
    return outcome.ok
      ? { id: outcome.recordId, codes: [], messages: [] }
      : { id: null, codes: outcome.problems.map((p) => p.code), messages: outcome.problems.map((p) => p.message) };
  };

/** As a job runs it: Cashgraph itself. */
export const byItself = async (world: World): Promise<Doer> => inSet(world, await world.platform.systemPrincipal(world.tenantId));

export const setDoerOf = async (world: World, subject: string): Promise<Doer> => inSet(world, await principalOf(world, subject));
