/** Sizes, names, and calls that have one place or none. */
import { type Breach, childrenOf, dotted, isNode, isTest, type Node, type Rule, type SourceFile, textOf } from './source.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;

/** The roles of `noun.role.ts`; `test` comes after another role or alone. */
const ROLES = [
  'machine',
  'postings',
  'policy',
  'rules',
  'events',
  'entity',
  'read',
  'facts',
  'derivation',
  'commands',
  'sign-in',
  'graphql',
  'canonical',
] as const;

const FORBIDDEN_WORDS = new Set('util utils helper helpers common misc manager managers base impl'.split(' '));
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const perFile =
  (check: (file: SourceFile) => string[]): Rule =>
  (tree) =>
    tree.flatMap((file): Breach[] => check(file).map((text) => ({ file: file.path, sentence: `${file.path}${text}` })));

export const fileSizes = perFile(({ text }) => {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines > MAX_FILE_LINES ? [` has ${lines} lines, and ${MAX_FILE_LINES} is the limit.`] : [];
});

export const fileHeaders = perFile(({ path, text }) => {
  if (!/^(src|connectors)\//.test(path) || isTest(path)) return [];
  return /^(#!.*\n)?(\/\*\*|\/\/)/.test(text) ? [] : [' must open with a comment: what it is for and what it must never do.'];
});

export const fileNames = perFile(({ path }) => {
  const words = path.replace(/\.(tsx|mts|ts)$/, '').split('/');
  const name = (words.at(-1) ?? '').split('.');
  const bad = [...words.slice(0, -1), ...name].find((word) => !KEBAB.test(word.replace(/^_/, '')));
  const roles = name.at(-1) === 'test' ? name.slice(1, -1) : name.slice(1);
  const inModule = /^src\/o2c\/[^/]+\/(?!index\.)/.test(path) && roles.length === 0;
  const unknown = path.startsWith('src/') ? roles.find((role) => !(ROLES as readonly string[]).includes(role)) : undefined;
  const forbidden = words.flatMap((word) => word.split(/[-.]/)).find((word) => FORBIDDEN_WORDS.has(word));
  return [
    ...(bad === undefined ? [] : [` is not named in kebab-case: "${bad}".`]),
    ...(unknown === undefined ? [] : [` has the role "${unknown}", which is not one of ${ROLES.join(', ')}.`]),
    ...(roles.length > 1 ? [` has more than one role: ${roles.join(', ')}.`] : []),
    ...(inModule ? [` needs a role: noun.role.ts with one of ${ROLES.join(', ')}.`] : []),
    ...(forbidden === undefined ? [] : [` has "${forbidden}" in its name, which says nothing: name it by what it does.`]),
  ];
});

const DECLARED_TYPES = new Set(['ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

export const typeNames = perFile((file) =>
  file.nodes.flatMap((node) => {
    const name = DECLARED_TYPES.has(node.type) && isNode(node.id) ? String(node.id.name) : '';
    const word = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g)?.find((one) => FORBIDDEN_WORDS.has(one.toLowerCase()));
    return word === undefined ? [] : [` declares ${name}: "${word}" says nothing, name it by what it does.`];
  }),
);

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export const functionSizes = perFile((file) => {
  const groups = isTest(file.path) ? groupsOfTests(file) : new Set<Node>();
  return file.nodes.flatMap((node) => {
    const lines = FUNCTIONS.has(node.type) ? file.lineOf(node.end) - file.lineOf(node.start) + 1 : 0;
    if (lines <= MAX_FUNCTION_LINES || groups.has(node)) return [];
    return [`:${file.lineOf(node.start)} has a function of ${lines} lines, and ${MAX_FUNCTION_LINES} is the limit.`];
  });
});

/** The functions passed to `describe`: they hold tests and are no code themselves. */
function groupsOfTests(file: SourceFile): Set<Node> {
  const calls = file.nodes.filter((node) => node.type === 'CallExpression' && testCall(node) === 'describe');
  return new Set(calls.flatMap((call) => (call.arguments as Node[]).filter((one) => FUNCTIONS.has(one.type))));
}

/** `describe`, `it` or `test` for `describe(…)`, `it.skip(…)`, `it.each(…)(…)`; '' for any other call. */
function testCall(call: Node): '' | 'describe' | 'test' {
  let callee = call.callee;
  while (isNode(callee) && !['Identifier', 'MemberExpression'].includes(callee.type)) {
    callee = callee.type === 'TaggedTemplateExpression' ? callee.tag : callee.callee;
  }
  const [root = ''] = dotted(callee).split('.');
  if (root === 'describe') return 'describe';
  return root === 'it' || root === 'test' ? 'test' : '';
}

/** Two tests of one file with the same full name can't be told apart in a report. */
export const testNames = perFile((file) => {
  if (!/\.test\.tsx?$/.test(file.path)) return [];
  const seen = new Set<string>();
  const twice: string[] = [];
  const visit = (node: Node, groups: readonly string[]): void => {
    const kind = node.type === 'CallExpression' ? testCall(node) : '';
    const title = kind === '' ? '' : textOf((node.arguments as unknown[])[0]);
    const name = [...groups, title].join(' > ');
    if (kind === 'test' && title !== '') {
      if (seen.has(name)) twice.push(`:${file.lineOf(node.start)} has a second test named "${name}".`);
      seen.add(name);
    }
    const inner = kind === 'describe' && title !== '' ? [...groups, title] : groups;
    for (const child of childrenOf(node)) visit(child, inner);
  };
  visit(file.program, []);
  return twice;
});
