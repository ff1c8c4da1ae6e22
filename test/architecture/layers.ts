/** Who may import whom: ranks of the engines, the order of the domain's modules, and no cycles. */
import type { Breach, Rule, SourceFile } from './source.ts';

/** A folder of `src` imports only folders of a lower rank. A new folder gets its rank here. */
const RANKS: Readonly<Record<string, number>> = {
  kernel: 0,
  canonical: 1,
  access: 1,
  print: 1,
  read: 2,
  outbox: 2,
  connect: 2,
  write: 3,
  o2c: 4,
  sync: 5,
  transport: 6,
  cli: 7,
};

/** Files of `src` itself. The configuration knows the kernel only; what puts the parts together comes above them all. */
const ROOT_FILES = /^src\/(platform(-[a-z]+)?|main|index)\.ts$/;
const CONFIG_FILES = /^src\/config(-[a-z]+)?\.ts$/;

interface Place {
  readonly name: string;
  readonly rank: number;
}

function placeOf(path: string): Place | undefined {
  if (CONFIG_FILES.test(path)) return { name: 'config', rank: 0.5 };
  if (ROOT_FILES.test(path)) return { name: 'the composition root', rank: 100 };
  const [top, folder = '', ...rest] = path.split('/');
  const rank = rest.length > 0 ? RANKS[folder] : undefined;
  return top === 'src' && rank !== undefined ? { name: folder, rank } : undefined;
}

/** What puts the parts together may import all of them; the command line starts it, so it may as well. */
const mayImportAll = (place: Place) => place.rank === 100 || place.name === 'cli';

export const ranks: Rule = (tree) =>
  tree.flatMap((file) => {
    if (!file.path.startsWith('src/')) return [];
    const place = placeOf(file.path);
    if (place === undefined) return [{ file: file.path, sentence: `${file.path} is in a folder of src that has no rank.` }];
    return file.imports.flatMap(({ file: target }) => {
      const other = target?.startsWith('src/') ? placeOf(target) : undefined;
      if (other === undefined || other.name === place.name || mayImportAll(place) || other.rank < place.rank) return [];
      const sentence = `${file.path} (${place.name}, rank ${place.rank}) must not import ${target} (${other.name}, rank ${other.rank}).`;
      return [{ file: file.path, sentence }];
    });
  });

const MODULE_FILE = /^src\/o2c\/([^/]+)\/(.+)$/;
const MODULE_LIST = 'src/o2c/index.ts';

/** The modules in the order of their imports in `src/o2c/index.ts`. */
function moduleOrder(tree: readonly SourceFile[]): string[] {
  const list = tree.find(({ path }) => path === MODULE_LIST);
  return (list?.imports ?? []).flatMap(({ file }) => MODULE_FILE.exec(file ?? '')?.[1] ?? []);
}

export const moduleImports: Rule = (tree) => {
  const order = moduleOrder(tree);
  const modules = new Set(tree.flatMap(({ path }) => MODULE_FILE.exec(path)?.[1] ?? []));
  const unlisted = [...modules].filter((module) => !order.includes(module));
  const missing = unlisted.map((module) => ({
    file: MODULE_LIST,
    sentence: `Module ${module} is not listed in ${MODULE_LIST}.`,
  }));
  const wrong = tree.flatMap((file): Breach[] => {
    const module = MODULE_FILE.exec(file.path)?.[1];
    if (module === undefined || !order.includes(module)) return [];
    const breach = (sentence: string) => ({ file: file.path, sentence: `${file.path} ${sentence}` });
    return file.imports.flatMap(({ file: target }): Breach[] => {
      if (target === MODULE_LIST) return [breach(`must not import ${MODULE_LIST}: a module names the modules that it needs.`)];
      const [, other = '', inside = ''] = MODULE_FILE.exec(target ?? '') ?? [];
      if (other === '' || other === module) return [];
      if (inside !== 'index.ts') return [breach(`must import module ${other} by its index.ts, not ${target}.`)];
      if (order.indexOf(other) < order.indexOf(module) && order.includes(other)) return [];
      return [breach(`(module ${module}) must not import module ${other}, which is listed after it.`)];
    });
  });
  return [...missing, ...wrong];
};

/** Every circle of imports once, with the way round; type-only imports count. */
export const cycles: Rule = (tree) => {
  const byPath = new Map(tree.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: Breach[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) {
      const circle = [...way.slice(at), path];
      found.push({ file: path, sentence: `${path} imports itself in a circle: ${circle.join(' → ')}.` });
      return;
    }
    if (done.has(path)) return;
    for (const { file } of byPath.get(path)?.imports ?? []) if (file !== null && byPath.has(file)) visit(file, [...way, path]);
    done.add(path);
  };
  for (const { path } of tree) visit(path, []);
  return found;
};
