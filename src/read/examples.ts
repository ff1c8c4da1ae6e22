/** Examples in the descriptions of root fields, made from what the record shows: whoever reads the schema can copy them, and a test runs them. */
import { snake } from '../kernel/text.ts';
import { ownDimensions } from './aggregate/dimensions.ts';
import { measuresOf } from './aggregate/measures.ts';
import type { ReadRecord } from './record.ts';
import { type MoneyShown, type ScalarShown, shownFields } from './shown.ts';

const FIELDS_SHOWN = 3;

type Plain = ScalarShown | MoneyShown;
const isPlain = (field: ReturnType<typeof shownFields>[number]): field is Plain =>
  (field.kind === 'scalar' || field.kind === 'money') && field.permission === null && field.name !== 'id';

const fenced = (lines: readonly string[]): string => ['', '', '```graphql', ...lines, '```'].join('\n');

/** What people tell records of a kind apart by comes first. */
const STEPS: ReadonlySet<string> = new Set(['status', 'lifecycle', 'state']);

function wordsOf(record: ReadRecord, plain: readonly Plain[]): Plain[] {
  const keys = new Set((record.definition.root?.keys ?? []).flat());
  const rank = ({ name, column }: Plain): number => (keys.has(column.property) ? 0 : STEPS.has(name) ? 1 : 2);
  const words = plain.filter((field) => field.kind === 'scalar' && field.ref === null);
  return words.toSorted((a, b) => rank(a) - rank(b)).slice(0, FIELDS_SHOWN);
}

const isEnumerated = (field: Plain): boolean => field.kind === 'scalar' && field.enumeration !== null;
const ofStep = <T extends { readonly name: string }>(fields: readonly T[]): T | undefined =>
  fields.find(({ name }) => STEPS.has(name)) ?? fields[0];

export function listExample(record: ReadRecord, list: string): string {
  const plain = shownFields(record).filter(isPlain);
  const money = plain.find(({ kind }) => kind === 'money');
  const enumerated = ofStep(plain.filter((field) => isEnumerated(field) && field.column.meta?.filter === true));
  const [value] = enumerated?.kind === 'scalar' ? (enumerated.enumeration?.values ?? []).slice(-1) : [];
  const sortable = plain.filter(({ column }) => column.meta?.sort === true);
  const sorted =
    ['date', 'timestamptz'].flatMap((type) => sortable.filter(({ column }) => column.type === type))[0] ?? sortable[0];
  const args = [
    ...(enumerated && value !== undefined ? [`where: { ${enumerated.name}: { ne: ${value} } }`] : []),
    ...(sorted ? [`orderBy: [{ field: ${snake(sorted.name).toUpperCase()}, direction: DESC }]`] : []),
    'first: 20',
  ];
  const shown = ['id', ...wordsOf(record, plain).map(({ name }) => name)];
  return fenced([
    '{',
    `  ${list}(${args.join(', ')}) {`,
    `    nodes { ${[...shown, ...(money ? [`${money.name} { amount currency }`] : [])].join(' ')} }`,
    '    pageInfo { hasNextPage endCursor }',
    '  }',
    '}',
  ]);
}

export function aggregateExample(record: ReadRecord, root: string): string {
  const dimensions = ownDimensions(record).filter((one) => one.field.permission === null);
  const word =
    ofStep(dimensions.filter(({ field }) => field.enumeration !== null)) ?? dimensions.find(({ time }) => time === null);
  const time = dimensions.find((one) => one.time === 'DATE') ?? dimensions.find((one) => one.time !== null);
  const keys = [...(word ? [word] : []), ...(time ? [time] : [])];
  const money = measuresOf(record).filter((one) => one.kind === 'money' && one.field.permission === null);
  const measure = money.find(({ name }) => name === 'total') ?? money[0];
  const groupBy = keys.map((one) => `{ field: ${one.constant}${one.time === null ? '' : ', bucket: MONTH'} }`);
  return fenced([
    '{',
    `  ${root}${groupBy.length === 0 ? '' : `(groupBy: [${groupBy.join(', ')}])`} {`,
    '    groups {',
    ...(keys.length === 0 ? [] : [`      key { ${keys.map(({ name }) => name).join(' ')} }`]),
    '      count',
    ...(measure ? [`      ${measure.name} { byCurrency { currency sum avg } }`] : []),
    '    }',
    '    nextCursor',
    '  }',
    '}',
  ]);
}
