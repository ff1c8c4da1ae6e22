/**
 * How big a document may be, checked right after parsing, before validation and before anything is run. Fragments are counted
 * where they are used, each one computed once: a document of doubling fragments costs its length here, not its expansion
 * (a rule that walked the expansion took 8.7 s).
 */
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import type { Limits } from '../config.ts';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0 };

/**
 * The first limit that a document breaks, or null.
 * @example checkLimits(parse('{ a: __typename }'), config.limits) // null
 */
export function checkLimits(document: DocumentNode, limits: Limits): DomainError | null {
  const definitions = document.definitions.length;
  if (definitions > limits.queryMaxDefinitions) {
    return tooMany('TOO_MANY_DEFINITIONS', { what: 'definitions', found: definitions, allowed: limits.queryMaxDefinitions });
  }
  const { directives, valueDepth } = measured(document);
  if (valueDepth > limits.jsonMaxDepth)
    return tooMany('QUERY_TOO_DEEP', { what: 'levels in one value', found: valueDepth, allowed: limits.jsonMaxDepth });
  if (directives > limits.queryMaxDirectivesPerNode) {
    return tooMany('TOO_MANY_DIRECTIVES', {
      what: 'directives at one place',
      found: directives,
      allowed: limits.queryMaxDirectivesPerNode,
    });
  }
  const { depth, fields, aliases } = largest(document);
  if (depth > limits.queryMaxDepth)
    return tooMany('QUERY_TOO_DEEP', { what: 'levels', found: depth, allowed: limits.queryMaxDepth });
  if (aliases > limits.queryMaxAliases)
    return tooMany('TOO_MANY_ALIASES', { what: 'aliases', found: aliases, allowed: limits.queryMaxAliases });
  if (fields > limits.queryMaxFields)
    return tooMany('TOO_MANY_FIELDS', { what: 'fields', found: fields, allowed: limits.queryMaxFields });
  return null;
}

function tooMany(code: ErrorCode, { what, found, allowed }: { what: string; found: number; allowed: number }): DomainError {
  // doubling fragments count far beyond what a number is good for
  const shown = found > 1_000_000 ? 'more than a million' : String(found);
  return new DomainError(
    code,
    `The document has ${shown} ${what}, fragments counted where they are used; ${allowed} are allowed.`,
    {
      details: { allowed },
    },
  );
}

/** The most directives at one place, and how deep lists and objects are written into each other. */
function measured(document: DocumentNode): { readonly directives: number; readonly valueDepth: number } {
  let directives = 0;
  let valueDepth = 0;
  let depth = 0;
  visit(document, {
    enter(node) {
      if ('directives' in node && node.directives) directives = Math.max(directives, node.directives.length);
      if (node.kind === Kind.LIST || node.kind === Kind.OBJECT) valueDepth = Math.max(valueDepth, ++depth);
    },
    leave(node) {
      if (node.kind === Kind.LIST || node.kind === Kind.OBJECT) depth -= 1;
    },
  });
  return { directives, valueDepth };
}

/** Of every definition by itself, unused fragments too: validation would walk those as well. */
function largest(document: DocumentNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, Size>();

  const sizeOfFragment = (name: string): Size => {
    const before = known.get(name);
    if (before) return before;
    // a cycle counts as nothing here; validation refuses it
    known.set(name, NOTHING);
    const node = fragments.get(name);
    const size = node ? sizeOfSet(node.selectionSet) : NOTHING;
    known.set(name, size);
    return size;
  };
  const sizeOf = (node: SelectionNode): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(node.name.value);
    const inner = node.selectionSet ? sizeOfSet(node.selectionSet) : NOTHING;
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    return { depth: inner.depth + 1, fields: inner.fields + 1, aliases: inner.aliases + (node.alias ? 1 : 0) };
  };
  const sizeOfSet = (set: SelectionSetNode): Size =>
    set.selections.map(sizeOf).reduce(
      (sum, one) => ({
        depth: Math.max(sum.depth, one.depth),
        fields: sum.fields + one.fields,
        aliases: sum.aliases + one.aliases,
      }),
      NOTHING,
    );

  return document.definitions.reduce((sum, node) => {
    if (!('selectionSet' in node) || !node.selectionSet) return sum;
    const one = node.kind === Kind.FRAGMENT_DEFINITION ? sizeOfFragment(node.name.value) : sizeOfSet(node.selectionSet);
    return {
      depth: Math.max(sum.depth, one.depth),
      fields: Math.max(sum.fields, one.fields),
      aliases: Math.max(sum.aliases, one.aliases),
    };
  }, NOTHING);
}
