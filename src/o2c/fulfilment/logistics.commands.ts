/** Setting up third parties that fulfil. The secret that we share with one is made here, shown once, and kept sealed. */
import { checkedBaseUrl } from '../../connect/address.ts';
import { newWebhookSecret } from '../../connect/signature.ts';
import { DomainError } from '../../kernel/errors.ts';
import { flag, idOf, int, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Decision, type RowOf, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { LogisticsProvider } from './fulfilment.entity.ts';

type ProviderRow = RowOf<typeof LogisticsProvider>;

/** Part of its webhook address, and the source of its reports: `in-house` are ours. */
const CODE = /^[a-z0-9][a-z0-9-]{0,39}$/;
const IN_HOUSE = 'in-house';
/** What both columns of the secret are sealed for: it moves from the one to the other when a new one is made. */
export const SECRET_FIELD = 'secret';
const HINT_CHARS = 4;
const OVERLAP_HOURS = 24;
const OVERLAP_MAX_HOURS = 168;
const HOUR_MS = 3_600_000;

const baseUrl = text({ max: 500 }).describe(
  'Where requests are sent to: https, or http on this machine where its operator allows that.',
);

export const createLogisticsProvider = command({
  name: 'createLogisticsProvider',
  description:
    'Sets up a third party that fulfils. The shared secret is in the answer once: requests to it are signed with it, and so are its webhooks to `/webhooks/logistics/<tenant>/<code>` (Standard Webhooks).',
  permission: 'logistics:manage',
  record: 'LogisticsProvider',
  input: object('CreateLogisticsProviderInput', {
    code: text({ max: 40 }).describe(
      'Its code, unique in the group: a-z, 0-9 and -. It is part of its webhook address and stays.',
    ),
    name: text().describe('What it is called.'),
    baseUrl,
  }),
  facts: async () => null,
  decide(_facts, input, context): Change {
    if (!CODE.test(input.code) || input.code === IN_HOUSE) {
      const sentence = `code must be of a-z, 0-9 and -, begin with a letter or digit, and not be ${IN_HOUSE}.`;
      throw new DomainError('INVALID_INPUT', sentence, { path: ['code'] });
    }
    const id = context.newId();
    const secret = newWebhookSecret(context.randomBytes);
    const provider = {
      id,
      tenantId: context.tenant.id,
      code: input.code,
      name: input.name,
      baseUrl: urlOf(input.baseUrl, context),
      isActive: true,
      ...sealed(context, id, secret),
      previousSealedSecret: null,
      previousSecretUntil: null,
      version: 1,
      createdAt: context.now,
    };
    return {
      recordId: id,
      secret,
      rows: [{ op: 'insert', entity: 'LogisticsProvider', values: provider }],
      events: [eventOf('logistics_provider.created', provider)],
    };
  },
});

/** @throws INVALID_INPUT */
const urlOf = (address: string, { allowsLoopback }: CommandContext): string =>
  checkedBaseUrl(address, { allowsLoopback, path: ['baseUrl'] }).href;

const sealed = (context: CommandContext, recordId: string, secret: string) => ({
  sealedSecret: context.seal(secret, { recordId, field: SECRET_FIELD }),
  secretHint: secret.slice(-HINT_CHARS),
});

function eventOf(type: string, provider: Omit<ProviderRow, 'sealedSecret' | 'previousSealedSecret' | 'previousSecretUntil'>) {
  const { id, version, code, name, baseUrl: address, isActive, secretHint } = provider;
  return {
    type,
    recordKind: 'LogisticsProvider',
    recordId: id,
    recordVersion: version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { code, name, baseUrl: address, isActive, secretHint },
  };
}

const providerRef = {
  id: idOf('lp').describe('The logistics provider.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
};
type Ref = { readonly id: string; readonly expectedVersion?: number | undefined };

const locked = (tx: Tx, inputs: readonly Ref[]) =>
  tx.load(LogisticsProvider, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true });

/** @throws NOT_FOUND, VERSION_CONFLICT */
function providerIn(providers: readonly ProviderRow[], { id, expectedVersion }: Ref): ProviderRow {
  const provider = providers.find((p) => p.id === id);
  if (!provider) throw new DomainError('NOT_FOUND', 'There is no such logistics provider.', { path: ['id'] });
  requireVersion(provider.version, expectedVersion);
  return provider;
}

function changed(provider: ProviderRow, type: string, set: Partial<ProviderRow>): Change {
  const { id, version, tenantId } = provider;
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'LogisticsProvider', id, version, set, owner: { tenantId } }],
    events: [eventOf(type, { ...provider, ...set, version: version + 1 })],
  };
}

export const updateLogisticsProvider = command({
  name: 'updateLogisticsProvider',
  description: 'Changes the name or the address of a third party, or whether fulfilments may be given to it.',
  permission: 'logistics:manage',
  record: 'LogisticsProvider',
  input: object('UpdateLogisticsProviderInput', {
    ...providerRef,
    name: optional(text()).describe('What it is called.'),
    baseUrl: optional(baseUrl).describe('Where requests are sent to from now on.'),
    isActive: optional(flag).describe('Fulfilments may be given to it; what it has already it still reports on.'),
  }),
  lockKey: (input) => input.id,
  facts: locked,
  decide(providers, input, context): Decision {
    const provider = providerIn(providers, input);
    const wanted = {
      name: input.name ?? provider.name,
      baseUrl: input.baseUrl === undefined ? provider.baseUrl : urlOf(input.baseUrl, context),
      isActive: input.isActive ?? provider.isActive,
    };
    const { name, baseUrl: address, isActive } = provider;
    if (wanted.name === name && wanted.baseUrl === address && wanted.isActive === isActive) return { unchanged: provider.id };
    return changed(provider, 'logistics_provider.updated', wanted);
  },
});

export const rotateLogisticsSecret = command({
  name: 'rotateLogisticsSecret',
  description:
    'Makes a new shared secret, shown once. The one before holds beside it for a while, so that the third party can change without a gap.',
  permission: 'logistics:manage',
  record: 'LogisticsProvider',
  input: object('RotateLogisticsSecretInput', {
    ...providerRef,
    overlapHours: optional(int({ min: 0, max: OVERLAP_MAX_HOURS })).describe(
      `For how long the one before still holds; absent: ${OVERLAP_HOURS} hours, 0: not at all, for one that got known.`,
    ),
  }),
  lockKey: (input) => input.id,
  facts: locked,
  decide(providers, input, context): Change {
    const provider = providerIn(providers, input);
    const overlapMs = (input.overlapHours ?? OVERLAP_HOURS) * HOUR_MS;
    const before = {
      previousSealedSecret: provider.sealedSecret,
      previousSecretUntil: new Date(context.wallNow.getTime() + overlapMs),
    };
    const secret = newWebhookSecret(context.randomBytes);
    const set = {
      ...sealed(context, provider.id, secret),
      ...(overlapMs > 0 ? before : { previousSealedSecret: null, previousSecretUntil: null }),
    };
    return { ...changed(provider, 'logistics_provider.secret_rotated', set), secret };
  },
});
