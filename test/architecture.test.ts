/** The rules of ARCHITECTURE.md, proved on the sources. Each rule has tests of itself in `architecture/rules.test.ts`. */
import { describe, expect, it } from 'vitest';
import { bannedCalls } from './architecture/calls.ts';
import { borders, CONNECTION_FILES, graphqlLast, packageFences, pureRoles } from './architecture/fences.ts';
import { cycles, moduleImports, ranks } from './architecture/layers.ts';
import { type Rule, realTree } from './architecture/source.ts';
import { fileHeaders, fileNames, fileSizes, functionSizes, testNames, typeNames } from './architecture/style.ts';

const tree = realTree();

const rules: readonly (readonly [string, Rule])[] = [
  ['a folder of src imports only folders of a lower rank', ranks],
  ['a module of the domain imports another by its index.ts, and only one listed earlier', moduleImports],
  ['nothing imports itself in a circle, types included', cycles],
  ['a fenced package is imported only where its fence says', packageFences],
  ['connectors, examples and src keep to their borders', borders],
  ['rows and rules of the domain import nothing that could have an effect', pureRoles],
  ['GraphQL types are imported by their index.ts only', graphqlLast],
  ['environment, clock, chance, floats and code from text have their one place or none', bannedCalls],
  ['no file has more than 400 lines', fileSizes],
  ['no function has more than 70 lines', functionSizes],
  ['every file opens with what it is for', fileHeaders],
  ['files are named noun.role.ts in kebab-case, without empty words', fileNames],
  ['types are named without empty words', typeNames],
  ['no two tests of a file have the same name', testNames],
];

describe('the architecture', () => {
  it.each(rules)('%s', (_, rule) => expect(rule(tree).map(({ sentence }) => sentence)).toEqual([]));

  it('is looked at as a whole: the engines are there to be checked', () => {
    expect(tree.filter(({ path }) => path.startsWith('src/')).length).toBeGreaterThan(50);
  });

  it('names no file for connections that is gone, or that opens none any more', () => {
    const users = tree.filter(({ imports }) => imports.some(({ package: name }) => name === 'pg'));
    expect(users.map(({ path }) => path)).toEqual(expect.arrayContaining([...CONNECTION_FILES]));
  });
});
