// What the schema says of itself: everything has a description, and every example in a description or a document is an operation that
// this schema takes; those of lists and aggregates are run.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { undescribed } from '../../src/read/schema.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { schema, catalogue } = world.platform;

interface Described {
  readonly description?: string | null | undefined;
}

/** Whatever has a description, under its path. */
function described(): Map<string, Described> {
  const found = new Map<string, Described>();
  for (const type of Object.values(schema.getTypeMap())) {
    found.set(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) found.set(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      found.set(`${type.name}.${field.name}`, field);
      if ('args' in field) for (const arg of field.args) found.set(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  return found;
}

const BLOCK = /^```graphql[^\n]*\n([\s\S]*?)^```/gm;
const blocksIn = (text: string): string[] => [...text.matchAll(BLOCK)].map(([, block = '']) => block);

const root = join(import.meta.dirname, '../..');
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'DECISIONS.md', 'CHANGELOG.md', ...examples()].map((name) =>
  join(root, name),
);

function examples(): string[] {
  const entries = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name, parentPath }) => name.endsWith('.md') && !parentPath.includes('node_modules'))
    .map(({ name, parentPath }) => relative(root, join(parentPath, name)));
}

const inSchema = [...described()].flatMap(([path, { description }]) =>
  blocksIn(description ?? '').map((block) => [path, block] as const),
);
const inDocuments = documents.flatMap((path) =>
  blocksIn(readFileSync(path, 'utf8')).map((block) => [relative(root, path), block] as const),
);

it('every type, field, argument and enum value is described, in sentences', () => {
  expect(undescribed(schema)).toEqual([]);
  const unfinished = [...described()].filter(
    ([path, { description }]) => !path.startsWith('__') && !/[.`:]\)?$/.test(description?.trim() ?? ''),
  );
  expect(unfinished.map(([path, { description }]) => `${path}: ${description}`)).toEqual([]);
});

it('every list and aggregate has an example', () => {
  const paths = new Set(inSchema.map(([path]) => path));
  const names = catalogue.records.flatMap(({ definition }) => {
    const many = definition.root?.many;
    return many === undefined ? [] : [many, `${many}Aggregate`];
  });
  expect(names.filter((name) => !paths.has(`Query.${name}`))).toEqual([]);
});

describe('every example is valid', () => {
  it.each([...inDocuments, ...inSchema])('%s', (_path, block) => {
    expect(validate(schema, parse(block)).map(({ message }) => message)).toEqual([]);
  });
});

it('the examples of lists and aggregates run', async () => {
  const admin = await world.as('admin');
  for (const [path, block] of inSchema.filter(([name]) => name.startsWith('Query.'))) {
    const { data, errors } = await admin.send(block);
    expect(errors, path).toBeUndefined();
    expect(Object.keys(data ?? {}), path).toHaveLength(1);
  }
});
