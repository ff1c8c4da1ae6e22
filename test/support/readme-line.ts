// What the README prints: its operations, and its walk from an order to cash, which works in a small company and in the demo.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { expect } from 'vitest';
import type { Person, Shown } from './world.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

interface Operation {
  readonly text: string;
  readonly kind: string;
  readonly name: string;
  /** The variables that it declares. */
  readonly variables: readonly string[];
}

const operationsOf = (part: string): Operation[] =>
  [...part.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => {
    const [definition] = parse(text).definitions;
    if (definition?.kind !== 'OperationDefinition') throw new Error(`not an operation: ${text}`);
    const variables = (definition.variableDefinitions ?? []).map((v) => v.variable.name.value);
    return { text, kind: definition.operation, name: definition.name?.value ?? '', variables };
  });

/** A part of the README by its heading, and what is left without it. */
function cut(text: string, heading: string): { readonly part: string; readonly others: string } {
  const [before = '', rest = ''] = text.split(heading);
  const end = rest.indexOf('\n## ');
  return { part: rest.slice(0, end), others: before + rest.slice(end) };
}

const ofLine = cut(readme, '## From an order to cash');
const ofErp = cut(ofLine.others, '## Connect an ERP');
export const line = operationsOf(ofLine.part);
export const erp = operationsOf(ofErp.part);
const ofWebhooks = cut(ofErp.others, '## Webhooks');
export const webhooks = operationsOf(ofWebhooks.part);
export const operations = operationsOf(ofWebhooks.others);

/** Who takes a step: the role that its paragraph names, else the one before. */
const ROLES: Readonly<Record<string, string>> = {
  Shop: 'order-desk',
  GrantRelease: 'credit',
  Confirm: 'order-desk',
  Plan: 'warehouse',
  Bill: 'billing',
  RecordPayment: 'cash',
  Timeline: 'analyst',
};
const PREFIXES: Readonly<Record<string, string>> = {
  accountId: 'acc',
  productId: 'prd',
  orderId: 'ord',
  holdId: 'hld',
  approvalId: 'apr',
  fulfilmentId: 'ful',
  invoiceId: 'inv',
  paymentId: 'pay',
};

/** Everything in an answer that a later variable may stand for. */
function* told(value: Shown): Generator<[string, Shown]> {
  if (value === null || typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value) as [string, Shown][]) {
    if (name === 'id') yield [String(inner).split('_')[0] ?? '', inner];
    if (name === 'amount' && inner?.currency) yield ['amount', inner];
    yield* told(inner);
  }
}

/** Takes the steps in the order in which they are printed, each as the role that it names; gives the answer to the last. */
export async function walkLine(as: (role: string) => Promise<Person>): Promise<Shown> {
  const known = new Map<string, Shown>();
  let role = '';
  let last: Shown;
  for (const { name, text, variables } of line) {
    role = ROLES[name] ?? role;
    const amount = known.get('amount');
    const valueOf = (variable: string): Shown =>
      variable === 'cash' ? amount.amount : known.get(PREFIXES[variable] ?? variable);
    last = await (await as(role)).ask(text, Object.fromEntries(variables.map((v) => [v, valueOf(v)])));
    for (const payload of Object.values(last as object))
      expect({ name, errors: payload?.userErrors ?? [] }).toEqual({ name, errors: [] });
    for (const [key, value] of told(last)) known.set(key, value);
  }
  return last;
}
