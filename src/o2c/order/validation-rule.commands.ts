/** Setting the rules that orders are validated by, and taking them out of use. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Decision, type RowOf } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { loadEntities } from '../party/index.ts';
import { ValidationRule } from './order.entity.ts';
import { MAX_OPERANDS, OPERATORS, requireRule, VALIDATION_FIELDS } from './validation.rules.ts';

type RuleRow = RowOf<typeof ValidationRule>;
type Content = Pick<RuleRow, 'description' | 'legalEntityId' | 'stage' | 'field' | 'operator' | 'operands' | 'isActive'>;

export const setValidationRule = command({
  name: 'setValidationRule',
  description:
    'Makes a rule that orders are validated by, or changes the one with that code. Orders are looked at when they are handed in or changed; one for which it does not hold gets a hold.',
  permission: 'validation-rules:manage',
  record: 'ValidationRule',
  input: object('SetValidationRuleInput', {
    code: text({ max: 40 }).describe('Its code, unique in the group.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that the change was made from.'),
    description: text().describe('What must hold, as a sentence for whoever handles the hold; customers may read it.'),
    legalEntityId: optional(idOf('le')).describe('The legal entity that it is for; absent: all.'),
    stage: choice('HoldStage', ['ORDER', 'RELEASE', 'DELIVERY']).describe('What the hold stops where the rule does not hold.'),
    field: text({ max: 40 }).describe(`The field that is looked at: ${VALIDATION_FIELDS.join(', ')}.`),
    operator: choice('ValidationOperator', OPERATORS).describe('How it is compared.'),
    operands: optional(list(text({ max: 200 }), { max: MAX_OPERANDS })).describe(
      'What it is compared with: texts, days or decimals, as the field is. None for IS_PRESENT, one or more for IN and NOT_IN, else one.',
    ),
  }),
  lockKey: (input) => input.code,
  facts: async (tx, inputs) => ({
    rules: await tx.load(
      ValidationRule,
      sql`t.code = any(${sql.typed(
        inputs.map((i) => i.code),
        'text[]',
      )})`,
      { lock: true },
    ),
    ...(await loadEntities(
      tx,
      inputs.flatMap((i) => i.legalEntityId ?? []),
    )),
  }),
  decide({ rules, entities }, { code, expectedVersion, legalEntityId = null, operands = [], ...rest }, context): Decision {
    requireRule({ ...rest, operands });
    if (legalEntityId !== null && !entities.has(legalEntityId))
      throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
    const content: Content = { ...rest, legalEntityId, operands, isActive: true };
    const before = rules.find((r) => r.code === code);
    if (!before) return made(context, code, content);
    requireVersion(before.version, expectedVersion);
    return changed(before, content, 'validation_rule.set');
  },
});

export const deactivateValidationRule = command({
  name: 'deactivateValidationRule',
  description: 'Takes a rule out of use. Holds that it put stay until they are released, or until their order is changed.',
  permission: 'validation-rules:manage',
  record: 'ValidationRule',
  input: object('DeactivateValidationRuleInput', {
    id: idOf('vr').describe('The rule.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
  }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) => tx.load(ValidationRule, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true }),
  decide(rules, { id, expectedVersion }): Decision {
    const rule = rules.find((r) => r.id === id);
    if (!rule) throw new DomainError('NOT_FOUND', 'There is no such validation rule.', { path: ['id'] });
    requireVersion(rule.version, expectedVersion);
    if (!rule.isActive) return { unchanged: id };
    return changed(rule, { ...rule, isActive: false }, 'validation_rule.deactivated');
  },
});

function made(context: CommandContext, code: string, content: Content): Change {
  const id = context.newId();
  const row = { id, tenantId: context.tenant.id, code, ...content, version: 1, createdAt: context.now };
  return {
    recordId: id,
    rows: [{ op: 'insert', entity: 'ValidationRule', values: row }],
    events: [ruleEvent('validation_rule.set', row)],
  };
}

function changed(rule: RuleRow, content: Content, type: string): Change {
  const { id, tenantId, version } = rule;
  const { description, legalEntityId, stage, field, operator, operands, isActive } = content;
  const set = { description, legalEntityId, stage, field, operator, operands, isActive };
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'ValidationRule', id, version, set, owner: { tenantId } }],
    events: [ruleEvent(type, { ...rule, ...set, version: version + 1 })],
  };
}

const ruleEvent = (type: string, rule: Content & Pick<RuleRow, 'id' | 'code' | 'version'>): EventDraft => ({
  type,
  recordKind: 'ValidationRule',
  recordId: rule.id,
  recordVersion: rule.version,
  legalEntityId: rule.legalEntityId,
  accountId: null,
  customerId: null,
  payload: {
    code: rule.code,
    stage: rule.stage,
    field: rule.field,
    operator: rule.operator,
    operands: JSON.stringify(rule.operands),
    isActive: rule.isActive,
  },
});
