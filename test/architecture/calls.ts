/** Calls that have one place in `src`, or none: the environment, the clock, chance, binary floats, code from text. */
import { dotted, isNode, isTest, type Node, type Rule, type SourceFile, textOf } from './source.ts';

interface Ban {
  /** The file that may, if any. */
  readonly only?: string;
  readonly why: string;
  /** Is this node such a call or name? Then how it is written. */
  readonly found: (node: Node) => string | undefined;
}

const CLOCK_NAMES = new Set(['Date.now', 'performance.now', 'performance.timeOrigin', 'process.hrtime', 'process.hrtime.bigint']);
const FLOAT_NAMES = new Set(['parseFloat', 'Number.parseFloat']);
const CODE_NAMES = new Set(['eval', 'Function']);

const named = (node: Node): string => (node.type === 'MemberExpression' ? withoutGlobal(dotted(node)) : '');
const called = (node: Node): string =>
  node.type === 'CallExpression' || node.type === 'NewExpression' ? withoutGlobal(dotted(node.callee)) : '';

const BANS: readonly Ban[] = [
  {
    only: 'src/config.ts',
    why: 'the environment is read in src/config.ts only',
    found: (node) => (named(node) === 'process.env' || takesFromProcess(node) ? 'process.env' : undefined),
  },
  {
    only: 'src/kernel/clock.ts',
    why: 'the system clock is read in src/kernel/clock.ts only',
    found: (node) => {
      if (CLOCK_NAMES.has(named(node)) || named(node).startsWith('Temporal.Now')) return named(node);
      const bare = called(node) === 'Date' && (node.type === 'CallExpression' || (node.arguments as unknown[]).length === 0);
      return bare ? 'Date without an argument' : undefined;
    },
  },
  {
    why: 'chance comes from kernel/random.ts, so that it can be seeded',
    found: (node) => (named(node) === 'Math.random' ? 'Math.random' : undefined),
  },
  {
    why: 'amounts never go through a binary float',
    found: (node) => {
      if (FLOAT_NAMES.has(called(node))) return called(node);
      return node.type === 'MemberExpression' && propertyOf(node) === 'toFixed' ? 'toFixed' : undefined;
    },
  },
  {
    why: 'no text becomes code',
    found: (node) => (CODE_NAMES.has(called(node)) ? called(node) : undefined),
  },
  {
    why: 'who may is in policy rows, not in decorators',
    found: (node) => (node.type === 'Identifier' && node.name === 'Authorized' ? '@Authorized' : undefined),
  },
];

export const bannedCalls: Rule = (tree) =>
  tree.flatMap((file) => {
    if (!file.path.startsWith('src/') || isTest(file.path)) return [];
    return file.nodes.flatMap((node) => BANS.flatMap((ban) => breach(file, node, ban)));
  });

function breach(file: SourceFile, node: Node, { only, why, found }: Ban) {
  const what = file.path === only ? undefined : found(node);
  if (what === undefined) return [];
  return [{ file: file.path, sentence: `${file.path}:${file.lineOf(node.start)} uses ${what}: ${why}.` }];
}

/** `const { env } = process` and `import { env } from 'node:process'`. */
function takesFromProcess(node: Node): boolean {
  const keys = (list: unknown, key: string) => (list as Node[]).map((one) => dotted(one[key]));
  if (node.type === 'VariableDeclarator' && isNode(node.id) && node.id.type === 'ObjectPattern') {
    return withoutGlobal(dotted(node.init)) === 'process' && keys(node.id.properties, 'key').includes('env');
  }
  if (node.type !== 'ImportDeclaration' || !/^(node:)?process$/.test(textOf(node.source))) return false;
  return keys(node.specifiers, 'imported').includes('env');
}

function propertyOf(node: Node): string {
  return node.computed === true ? textOf(node.property) : dotted(node.property);
}

function withoutGlobal(name: string): string {
  return name.replace(/^(globalThis|global|window)\./, '');
}
