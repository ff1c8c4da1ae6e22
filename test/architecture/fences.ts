/** Which packages and which of our own entries a file may import: what is fenced in stays replaceable. */
import { type Breach, type Import, isTest, type Rule, type SourceFile } from './source.ts';

interface Fence {
  /** A package, or all of a scope: `@mikro-orm/*`. */
  readonly packages: readonly string[];
  /** Where it may be imported: a folder with `/` at its end, a file, or `*.role.ts`. */
  readonly within: readonly string[];
  /** Where its types may be imported as well, since they appear in what an engine offers. */
  readonly types?: readonly string[];
}

/** The files that open connections to Postgres themselves. A new one is a decision, so it is written here. */
export const CONNECTION_FILES = [
  'src/read/wire/failure.ts',
  'src/read/wire/line.ts',
  'src/read/wire/lines.ts',
  'src/read/wire/object-rows.ts',
  'src/read/wire/session.ts',
  'src/read/wire/tapped.ts',
  'src/read/snapshot.ts',
  'src/outbox/connection.ts',
  'src/write/packet.ts',
  'src/write/pool.ts',
  'src/cli/embedded-postgres.ts',
  'src/cli/migrate.ts',
  'src/cli/roles.ts',
  'src/cli/session.ts',
] as const;

const FENCES: readonly Fence[] = [
  {
    packages: ['graphql', 'type-graphql', 'graphql-scalars'],
    within: ['src/read/', 'src/transport/', '*.graphql.ts', 'src/platform.ts', 'src/platform-graph.ts', 'src/cli/schema.ts'],
  },
  { packages: ['@mikro-orm/*'], within: ['src/write/', 'src/outbox/', '*.entity.ts', '*.commands.ts'] },
  { packages: ['pg'], within: CONNECTION_FILES },
  { packages: ['axios'], within: ['src/connect/http.ts'] },
  { packages: ['graphql-ws'], within: ['src/transport/'] },
  {
    packages: ['zod'],
    within: [
      'src/kernel/input.ts',
      'src/kernel/input-scalars.ts',
      'src/config.ts',
      '*.commands.ts',
      '*.events.ts',
      'src/canonical/',
      'connectors/',
      'examples/',
    ],
    types: ['src/read/', 'src/write/', 'src/outbox/', 'src/connect/'],
  },
];

export const packageFences: Rule = (tree) =>
  tree.flatMap((file) => {
    if (!file.path.startsWith('src/') || isTest(file.path)) return [];
    return file.imports.flatMap(({ package: name, typeOnly }) => {
      const fence = FENCES.find(({ packages }) => name !== null && packages.some((one) => covers(one, name)));
      const places = [...(fence?.within ?? []), ...(typeOnly ? (fence?.types ?? []) : [])];
      if (fence === undefined || places.some((place) => isWithin(place, file.path))) return [];
      return [
        { file: file.path, sentence: `${file.path} must not import ${name}: it is allowed in ${fence.within.join(', ')} only.` },
      ];
    });
  });

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function isWithin(place: string, path: string): boolean {
  if (place.startsWith('*')) return path.endsWith(place.slice(1));
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}

/** What each folder outside of `src` may import of ours, and what `src` may not import at all. */
export const borders: Rule = (tree) => tree.flatMap((file) => file.imports.flatMap((one) => breachOf(file, one)));

const CONNECTOR_ENTRY = /^(src\/connect\/(index|(testing|simulating)\/index)\.ts|cashgraph\/connector(\/(testing|simulating))?)$/;
const PACKAGE_ENTRY = /^cashgraph(\/connector(\/(testing|simulating))?)?$/;

function breachOf(file: SourceFile, one: Import): Breach[] {
  const breach = (sentence: string) => [{ file: file.path, sentence: `${file.path} ${sentence}` }];
  const ours = one.file ?? (one.package === 'cashgraph' ? one.specifier : null);
  const [top = '', home = ''] = file.path.split('/');
  if (ours === null) return [];
  if (top === 'src') {
    const outside = /^(connectors|examples|test)\//.exec(ours)?.[1];
    return outside === undefined ? [] : breach(`must not import ${ours}: src knows nothing of ${outside}.`);
  }
  if (top === 'connectors' && !ours.startsWith(`connectors/${home}/`) && !CONNECTOR_ENTRY.test(ours) && !testOfPart(file, ours)) {
    return breach(`must not import ${ours}: a connector imports its own files and the entry src/connect/index.ts only.`);
  }
  if (top === 'examples' && !ours.startsWith(`examples/${home}/`) && !PACKAGE_ENTRY.test(ours) && !testOfPart(file, ours)) {
    return breach(`must not import ${ours}: an example imports its own files and the package's entries only.`);
  }
  return [];
}

/** Tests may use the test support. */
function testOfPart(file: SourceFile, target: string): boolean {
  return isTest(file.path) && target.startsWith('test/support/');
}

/** Files of the domain that hold rows and rules only; what they may import beside their like. */
const PURE_ROLES = /\.(machine|postings|policy|rules|events)\.ts$/;
const PURE_TARGETS = /^src\/(kernel\/|canonical\/|access\/|o2c\/[^/]+\/index\.ts$)/;

/** Types have no effect, so they may come from anywhere that the ranks allow. */
export const pureRoles: Rule = (tree) =>
  tree.flatMap((file) => {
    if (!file.path.startsWith('src/o2c/') || !PURE_ROLES.test(file.path)) return [];
    return file.imports.flatMap(({ file: target, specifier, typeOnly }) => {
      const events = file.path.endsWith('.events.ts') && (specifier === 'zod' || target === 'src/outbox/event.ts');
      const pure = target !== null && (PURE_TARGETS.test(target) || PURE_ROLES.test(target));
      if (typeOnly || events || pure) return [];
      const sentence = `${file.path} holds rows and rules only, so it must not import ${target ?? specifier}.`;
      return [{ file: file.path, sentence }];
    });
  });

/** A module's GraphQL types are its own: only its index.ts puts them in. Those of the engines are for all `*.graphql.ts` and for the root. */
export const graphqlLast: Rule = (tree) =>
  tree.flatMap((file) =>
    file.imports.flatMap(({ file: target }) => {
      if (!target?.endsWith('.graphql.ts') || !file.path.startsWith('src/')) return [];
      const folder = target.slice(0, target.lastIndexOf('/') + 1);
      const near = file.path.startsWith(folder) || !folder.startsWith('src/o2c/');
      const isRoot = file.path === 'src/platform-graph.ts' && !folder.startsWith('src/o2c/');
      if (isRoot || file.path === `${folder}index.ts` || (near && file.path.endsWith('.graphql.ts'))) return [];
      const sentence = `${file.path} must not import ${target}: GraphQL types are imported by their index.ts only.`;
      return [{ file: file.path, sentence }];
    }),
  );
