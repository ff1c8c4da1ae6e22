/** What an ERP says of itself, held against what a connection serves: which companies go with which books, in which currency. Pure. */
import type { Checked, CheckedLegalEntity } from '../connect/connector.ts';
import type { OpenConnection, ServedEntity } from './engine.ts';

/** What the ERP can't know, in sentences. `before`: the company as it was called at the last check. */
export function checkedWarnings(
  { entities, name }: Pick<OpenConnection, 'entities' | 'name'>,
  checked: Checked,
  before: string | null,
): readonly string[] {
  const { company, legalEntities: there = [], functionalCurrency } = checked;
  const whole = { externalId: '', name: company, ...(functionalCurrency === undefined ? {} : { functionalCurrency }) };
  const served = entities.map((entity) => {
    const itself = there.find(({ externalId }) => externalId === entity.externalId);
    // an ERP of one company needs no name for it
    return { entity, its: itself ?? (entity.externalId === null && there.length <= 1 ? (there[0] ?? whole) : undefined) };
  });
  const isServed = new Set(served.map(({ its }) => its?.externalId));
  return [
    ...served.flatMap(({ entity, its }) => (its ? currencyWarning(entity, its) : [unknownWarning(entity, there)])),
    ...there
      .filter(({ externalId }) => !isServed.has(externalId))
      .map((one) => `${shownAs(one)} is there as well, and ${name} serves no legal entity that it is: its records are left out.`),
    ...(before !== null && before !== company
      ? [`The company was called ${before} before: if it is another one, set up a connection of its own for it.`]
      : []),
  ];
}

/** @example shownAs({ externalId: '1710', name: 'Company US' }) // 'The company 1710 (Company US)' */
const shownAs = ({ externalId, name }: CheckedLegalEntity): string => `The company ${externalId} (${name})`;

function unknownWarning({ code, externalId }: ServedEntity, there: readonly CheckedLegalEntity[]): string {
  const known = there.map((one) => `${one.externalId} (${one.name})`).join(', ');
  if (externalId !== null && there.length === 0)
    return `${code} is said to be the company ${externalId}, and the ERP tells of no companies: leave it out if there is one only.`;
  if (externalId !== null)
    return `${code} is said to be the company ${externalId}, which the ERP does not have: it has ${known}. Nothing comes for ${code}.`;
  return `The ERP has several companies, and nobody has said which of them ${code} is: it has ${known}. Nothing comes before that is said.`;
}

function currencyWarning({ code, functionalCurrency: ours }: ServedEntity, its: CheckedLegalEntity): readonly string[] {
  if (its.functionalCurrency === undefined || its.functionalCurrency === ours) return [];
  return [
    `The books of ${its.name} are in ${its.functionalCurrency}, those of ${code} in ${ours}: their amounts in functional currency will differ.`,
  ];
}
