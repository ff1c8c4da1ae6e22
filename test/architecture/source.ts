/**
 * The sources as the architecture rules see them: files with their imports, calls, functions and names, read by a real parser.
 * A tree may be virtual: a list of paths and texts, so that the rules can be tested themselves.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A node of the syntax tree; only what the rules look at is named. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Import {
  /** As it is written: `./a.ts`, `pg`, `node:fs`. */
  readonly specifier: string;
  /** The file in the tree that a relative specifier means, else null. */
  readonly file: string | null;
  /** The npm package, `@scope/name` or `name`; null for a relative one and for Node's own. */
  readonly package: string | null;
  /** Gone when the program runs. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly program: Node;
  /** Every node of the program, outer before inner. */
  readonly nodes: readonly Node[];
  /** Line of an offset, from 1. */
  lineOf(offset: number): number;
}

/** What a rule found: the file, and a sentence that says what is wrong there. */
export interface Breach {
  readonly file: string;
  readonly sentence: string;
}

export type Rule = (tree: readonly SourceFile[]) => Breach[];

/** A tree from paths and texts. @example virtualTree({ 'src/kernel/a.ts': 'export const a = 1;' }) */
export function virtualTree(files: Readonly<Record<string, string>>): SourceFile[] {
  const known = new Set(Object.keys(files));
  return Object.entries(files).map(([path, text]) => parsed(path, text, known));
}

const ROOT = dirname(dirname(import.meta.dirname));
const FOLDERS = ['src', 'connectors', 'examples', 'test'];
const SKIPPED = new Set(['node_modules', 'dist', '.cashgraph', '__generated__']);

/** The project's own sources. */
export function realTree(): SourceFile[] {
  const files: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (/\.(ts|tsx|mts)$/.test(entry.name) && !entry.name.endsWith('.generated.ts'))
        files[path] = readFileSync(join(ROOT, path), 'utf8');
    }
  };
  const there = new Set(readdirSync(ROOT));
  for (const folder of FOLDERS) if (there.has(folder)) visit(folder);
  return virtualTree(files);
}

/** The nodes directly below one. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode));
}

function nodesBelow(node: Node, found: Node[] = []): Node[] {
  found.push(node);
  for (const child of childrenOf(node)) nodesBelow(child, found);
  return found;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** `process.env`, `Date.now`, `eval`: identifiers joined by dots; '' for anything else. */
export function dotted(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier') return String(node.name);
  if (node.type === 'ParenthesizedExpression' || node.type === 'ChainExpression') return dotted(node.expression);
  if (node.type !== 'MemberExpression') return '';
  const property = node.computed === true ? textOf(node.property) : dotted(node.property);
  const object = dotted(node.object);
  return property && object ? `${object}.${property}` : property ? `?.${property}` : '';
}

/** The value of a string literal or of a template without holes, else ''. */
export function textOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  const quasis = node.type === 'TemplateLiteral' ? (node.quasis as Node[]) : [];
  const [quasi] = quasis.length === 1 ? quasis : [];
  return quasi === undefined ? '' : (quasi.value as { cooked: string }).cooked;
}

/** A test's file, which the rules about packages and clocks leave alone. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('test/');
}

function parsed(path: string, text: string, known: ReadonlySet<string>): SourceFile {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} can't be parsed: ${error.message}`);
  const root = program as unknown as Node;
  const nodes = nodesBelow(root);
  const imports = nodes.flatMap((node) => {
    const specifier = specifierOf(node);
    return specifier === '' ? [] : [{ ...importOf(path, specifier, known), typeOnly: isTypeOnly(node) }];
  });
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return { path, text, imports, program: root, nodes, lineOf: (offset) => starts.filter((start) => start <= offset).length };
}

/** What a node imports: static, dynamic, type-only, re-exported, required. */
function specifierOf(node: Node): string {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return textOf(node.source);
    case 'TSExternalModuleReference':
      return textOf(node.expression);
    case 'CallExpression': {
      const name = dotted(node.callee);
      return name === 'require' || name === 'require.resolve' ? textOf((node.arguments as unknown[])[0]) : '';
    }
    default:
      return '';
  }
}

/** `import type …`, `export type … from`, `import('…').T`; also when each name of the list is marked `type`. */
function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = Array.isArray(node.specifiers) ? (node.specifiers as Node[]) : [];
  return names.length > 0 && names.every((name) => name.importKind === 'type' || name.exportKind === 'type');
}

function importOf(from: string, specifier: string, known: ReadonlySet<string>): Omit<Import, 'typeOnly'> {
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
    return { specifier, file: null, package: specifier.startsWith('node:') ? null : name.join('/') };
  }
  const target = posix.join(posix.dirname(from), specifier);
  const tries = [target, target.replace(/\.js$/, '.ts'), `${target}.ts`, `${target}/index.ts`];
  return { specifier, file: tries.find((path) => known.has(path)) ?? target, package: null };
}
