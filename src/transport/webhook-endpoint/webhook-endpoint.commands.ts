/** Making and changing endpoints. A secret is made here, shown once, and kept sealed. */
import { checkedUrl } from '../../connect/address.ts';
import { newWebhookSecret } from '../../connect/signature.ts';
import { DomainError } from '../../kernel/errors.ts';
import { clearable, formed, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { type Change, command, type CommandContext, type CommandDefinition, type Decision } from '../../write/command.ts';
import { requireSight, type Subscribable } from './subscribable.ts';
import { livingEndpointIn, lockedEndpoints, settingOf } from './webhook-endpoint.facts.ts';
import { webhookEndpointMachine } from './webhook-endpoint.machine.ts';
import { changedEndpoint, endpointEvent, type EndpointRow, SECRET_FIELD } from './webhook-endpoint.rules.ts';

const ENDPOINTS_MAX_COUNT = 100;
const TYPES_MAX_COUNT = 200;
const HINT_CHARS = 4;
const OVERLAP_HOURS = 24;
const OVERLAP_MAX_HOURS = 168;
const HOUR_MS = 3_600_000;

export const endpointId = idOf('wh').describe('The endpoint.');
export const expectedVersion = optional(int({ min: 1 })).describe('The version that you saw.');
export const cursorInput = formed(/^(0|[1-9]\d{0,17})$/, 'must be a cursor of an event, as the API returned it').meta({
  graphql: 'Cursor',
});

const url = text({ max: 500 }).describe(
  'Where events are sent to: https, or http on this machine where its operator allows that; without user and password, and by name or plain address.',
);
const description = text({ max: 255 }).describe('What it is for.');
const eventTypes = list(
  formed(/^[a-z_]{1,60}\.([a-z_]{1,60}|\*)$/, 'must be the type of an event, such as invoice.issued or invoice.*'),
  {
    min: 1,
    max: TYPES_MAX_COUNT,
  },
).describe('Which events: types such as `invoice.issued`, or `invoice.*` for all of a noun, also those that are added later.');

/** @throws INVALID_INPUT */
const urlOf = (address: string, { allowsLoopback }: CommandContext): string =>
  checkedUrl(address, { allowsLoopback, path: ['url'] }).href;

function sealed(context: CommandContext, recordId: string) {
  const secret = newWebhookSecret(context.randomBytes);
  const sealedSecret = context.seal(secret, { recordId, field: SECRET_FIELD });
  return { secret, columns: { sealedSecret, secretHint: secret.slice(-HINT_CHARS) } };
}

const createWebhookEndpoint = (subscribable: Subscribable) =>
  command({
    name: 'createWebhookEndpoint',
    description:
      'Has events sent to an address as they happen: signed as Standard Webhooks say with the secret that is in the answer once, at least once, in order for each record, and tried again for 72 hours. Whoever makes it must be allowed to read what is sent; it goes on when they are gone. What only its maker sees (exports, imports) is sent of its maker.',
    permission: 'webhooks:manage',
    record: 'WebhookEndpoint',
    input: object('CreateWebhookEndpointInput', {
      url,
      description: optional(description),
      eventTypes,
      legalEntityId: optional(idOf('le')).describe('Only events of this legal entity.'),
      customerId: optional(idOf('cus')).describe('Only events of this customer, and on accounts that it has.'),
      after: optional(cursorInput).describe(
        'Begin after this cursor, 0 for the beginning of the log; absent: with what happens from now on.',
      ),
    }),
    lockKey: () => 'create',
    facts: settingOf,
    decide(setting, input, context): Change {
      const { principal, tenant, now, wallNow, newId } = context;
      requireThere(setting.legalEntityIds, input.legalEntityId, 'legalEntityId');
      requireThere(setting.customerIds, input.customerId, 'customerId');
      const wanted = {
        eventTypes: [...new Set(input.eventTypes)],
        legalEntityId: input.legalEntityId ?? null,
        customerId: input.customerId ?? null,
      };
      requireSight(principal, subscribable, wanted);
      if (setting.count >= ENDPOINTS_MAX_COUNT) {
        const sentence = `There are ${setting.count} endpoints, and at most ${ENDPOINTS_MAX_COUNT} may be: delete one, or give one more events.`;
        throw new DomainError('TOO_MANY_ENDPOINTS', sentence);
      }
      const id = newId();
      const { secret, columns } = sealed(context, id);
      const row: EndpointRow = {
        id,
        tenantId: tenant.id,
        url: urlOf(input.url, context),
        description: input.description ?? null,
        ...wanted,
        createdById: principal.actorId,
        lifecycle: webhookEndpointMachine.initial,
        activeSince: wallNow,
        disabledReason: null,
        disabledText: null,
        ...columns,
        previousSealedSecret: null,
        previousSecretUntil: null,
        version: 1,
        createdAt: now,
      };
      const more = { after: input.after ?? null };
      return {
        recordId: id,
        secret,
        rows: [{ op: 'insert', entity: 'WebhookEndpoint', values: row }],
        events: [endpointEvent(row, { type: 'webhook_endpoint.created', from: null, more })],
      };
    },
  });

/** @throws NOT_FOUND */
function requireThere(found: ReadonlySet<string>, id: string | undefined, path: 'legalEntityId' | 'customerId'): void {
  if (id === undefined || found.has(id)) return;
  throw new DomainError('NOT_FOUND', `There is no such ${path === 'customerId' ? 'customer' : 'legal entity'}.`, {
    path: [path],
  });
}

const updateWebhookEndpoint = (subscribable: Subscribable) =>
  command({
    name: 'updateWebhookEndpoint',
    description:
      'Changes the address of an endpoint, which events it gets from now on, or what it is for. Whoever does must be allowed to read what is sent.',
    permission: 'webhooks:manage',
    record: 'WebhookEndpoint',
    input: object('UpdateWebhookEndpointInput', {
      id: endpointId,
      expectedVersion,
      url: optional(url),
      description: clearable(description),
      eventTypes: optional(eventTypes),
    }),
    lockKey: (input) => input.id,
    facts: lockedEndpoints,
    decide(endpoints, input, context): Decision {
      const row = livingEndpointIn(endpoints, input);
      const set = {
        url: input.url === undefined ? row.url : urlOf(input.url, context),
        description: input.description === undefined ? row.description : input.description,
        eventTypes: input.eventTypes === undefined ? row.eventTypes : [...new Set(input.eventTypes)],
      };
      requireSight(context.principal, subscribable, { ...row, eventTypes: set.eventTypes });
      const isEqual =
        set.url === row.url && set.description === row.description && set.eventTypes.join() === row.eventTypes.join();
      return isEqual ? { unchanged: row.id } : changedEndpoint(row, set, ['webhook_endpoint.updated']);
    },
  });

export const rotateWebhookSecret = command({
  name: 'rotateWebhookSecret',
  description:
    'Makes a new secret, shown once. For a while messages are signed with the one before too, so that the receiver can change without a gap.',
  permission: 'webhooks:manage',
  record: 'WebhookEndpoint',
  input: object('RotateWebhookSecretInput', {
    id: endpointId,
    expectedVersion,
    overlapHours: optional(int({ min: 0, max: OVERLAP_MAX_HOURS })).describe(
      `For how long messages carry a signature by the one before too; absent: ${OVERLAP_HOURS} hours, 0: not at all, for one that got known.`,
    ),
  }),
  lockKey: (input) => input.id,
  facts: lockedEndpoints,
  decide(endpoints, input, context): Change {
    const row = livingEndpointIn(endpoints, input);
    const overlapMs = (input.overlapHours ?? OVERLAP_HOURS) * HOUR_MS;
    const previousSecretUntil = new Date(context.wallNow.getTime() + overlapMs);
    const previous =
      overlapMs > 0
        ? { previousSealedSecret: row.sealedSecret, previousSecretUntil }
        : { previousSealedSecret: null, previousSecretUntil: null };
    const { secret, columns } = sealed(context, row.id);
    return { ...changedEndpoint(row, { ...columns, ...previous }, ['webhook_endpoint.secret_rotated']), secret };
  },
});

export interface SetupCommands {
  readonly create: CommandDefinition;
  readonly update: CommandDefinition;
}

/** Which events there are is known when all modules are. */
export const setupCommands = (subscribable: Subscribable): SetupCommands => ({
  create: createWebhookEndpoint(subscribable),
  update: updateWebhookEndpoint(subscribable),
});
