/** A service's entity sets and functions, found by name. */
import type { EntitySet, FunctionImport, Navigation, Property, Service } from '../model.ts';

interface Members {
  readonly properties: ReadonlyMap<string, Property>;
  readonly navigations: ReadonlyMap<string, Navigation>;
}

export class Schema {
  readonly service: Service;
  readonly #sets: ReadonlyMap<string, EntitySet>;
  readonly #functions: ReadonlyMap<string, FunctionImport>;
  readonly #members: ReadonlyMap<EntitySet, Members>;

  constructor(service: Service) {
    this.service = service;
    this.#sets = new Map(service.sets.map((set) => [set.name, set]));
    this.#functions = new Map(service.functions.map((each) => [each.name, each]));
    this.#members = new Map(
      service.sets.map((set) => [
        set,
        {
          properties: new Map(set.properties.map((property) => [property.name, property])),
          navigations: new Map(set.navigations.map((navigation) => [navigation.name, navigation])),
        },
      ]),
    );
  }

  set(name: string): EntitySet | undefined {
    return this.#sets.get(name);
  }

  function(name: string): FunctionImport | undefined {
    return this.#functions.get(name);
  }

  property(set: EntitySet, name: string): Property | undefined {
    return this.#members.get(set)?.properties.get(name);
  }

  navigation(set: EntitySet, name: string): Navigation | undefined {
    return this.#members.get(set)?.navigations.get(name);
  }

  /** Where a navigation leads to. @throws Error when the service's own description is wrong */
  target({ name, set }: Navigation): EntitySet {
    const target = this.#sets.get(set);
    if (target === undefined) throw new Error(`${this.service.path}: ${name} leads to ${set}, which is not there.`);
    return target;
  }

  /** @throws Error when the service's own description is wrong */
  keys(set: EntitySet): Property[] {
    return set.keys.map((name) => {
      const property = this.property(set, name);
      if (property === undefined) throw new Error(`${set.name}: its key ${name} is no property.`);
      return property;
    });
  }

  /** With the namespace, as `__metadata` names it. */
  typeName({ type }: EntitySet): string {
    return `${this.service.namespace}.${type}`;
  }
}
