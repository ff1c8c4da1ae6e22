/** What of each row is shown: `$select` and `$expand` read into the properties and navigations of every level. */
import type { EntitySet, Navigation, Property } from '../model.ts';
import { noMember } from './refusals.ts';
import type { Schema } from './schema.ts';

export interface Shape {
  readonly set: EntitySet;
  readonly properties: readonly Property[];
  /** Shown as a link. */
  readonly deferred: readonly Navigation[];
  readonly expanded: readonly { readonly navigation: Navigation; readonly shape: Shape }[];
}

type Path = readonly string[];

export function pathsOf(option: string | null): Path[] | null {
  if (option === null || option.trim() === '') return null;
  return option.split(',').map((path) => path.trim().split('/'));
}

/**
 * Once something is selected, only that is shown: also an expanded navigation is left out unless it is selected, by itself or by what is below it.
 * @param selected null: all
 * @throws SapRefusal
 */
export function shapeOf(schema: Schema, set: EntitySet, asked: { selected: Path[] | null; expanded: Path[] }): Shape {
  const { selected, expanded } = asked;
  const type = schema.typeName(set);
  const first = new Set((selected ?? []).map(([name = '']) => name));
  for (const path of selected ?? []) checkSelected(schema, set, path, expanded);
  for (const [name = ''] of expanded) if (schema.navigation(set, name) === undefined) throw noMember(name, type);
  const isAll = selected === null || first.has('*');
  const expandedNames = new Set(expanded.map(([name]) => name));
  const shown = set.navigations.filter(({ name }) => selected === null || first.has(name));
  return {
    set,
    properties: isAll ? set.properties : set.properties.filter(({ name }) => first.has(name)),
    deferred: shown.filter(({ name }) => !expandedNames.has(name)),
    expanded: shown
      .filter(({ name }) => expandedNames.has(name))
      .map((navigation) => ({
        navigation,
        shape: shapeOf(schema, schema.target(navigation), {
          selected: selected === null ? null : below(selected, navigation.name),
          expanded: expanded.filter(([name, ...rest]) => name === navigation.name && rest.length > 0).map(([, ...rest]) => rest),
        }),
      })),
  };
}

/** What is selected behind a navigation: all, where it is named by itself. */
function below(selected: readonly Path[], navigation: string): Path[] | null {
  const paths = selected.filter(([name]) => name === navigation).map(([, ...rest]) => rest);
  return paths.some((path) => path.length === 0) ? null : paths;
}

function checkSelected(schema: Schema, set: EntitySet, [name = '', ...rest]: Path, expanded: readonly Path[]): void {
  if (rest.length === 0) {
    const isKnown = name === '*' || schema.property(set, name) !== undefined || schema.navigation(set, name) !== undefined;
    if (!isKnown) throw noMember(name, schema.typeName(set));
    return;
  }
  const isExpanded = expanded.some(([first]) => first === name);
  if (schema.navigation(set, name) === undefined || !isExpanded) throw noMember(name, schema.typeName(set));
}
