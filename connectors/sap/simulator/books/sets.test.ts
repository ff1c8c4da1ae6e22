// What the services have is what SAP's own metadata say: compared with them where they lie beside this repository.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVICES } from './sets/index.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/erp/sap/edmx');
const FILES: Readonly<Record<string, string>> = { 'API_OUTBOUND_DELIVERY_SRV;v=0002': 'API_OUTBOUND_DELIVERY_SRV_0002' };
const fileOf = (path: string): string => join(FOLDER, `${FILES[path] ?? path}.edmx`);

const attributes = (tag: string): Record<string, string> =>
  Object.fromEntries(Array.from(tag.matchAll(/([\w:-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]));

function typeOf(metadata: string, type: string) {
  const [, body = ''] = new RegExp(`<EntityType Name="${type}"[^>]*>(.*?)</EntityType>`, 's').exec(metadata) ?? [];
  const tags = (name: string): Record<string, string>[] =>
    Array.from(body.matchAll(new RegExp(`<${name} [^>]*>`, 'g')), ([tag]) => attributes(tag));
  return {
    keys: tags('PropertyRef').map(({ Name }) => Name),
    properties: new Map(tags('Property').map((one) => [one.Name, one])),
    navigations: tags('NavigationProperty').map(({ Name }) => Name),
  };
}

const optional = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

describe.each(SERVICES.map((service) => [service.path, service] as const))('%s', (path, { sets }) => {
  it('names every navigation’s set, and every unit, among its own', () => {
    const names = new Set(sets.map(({ name }) => name));
    for (const { properties, navigations, keys } of sets) {
      const own = new Set(properties.map(({ name }) => name));
      expect(keys.filter((key) => !own.has(key))).toEqual([]);
      expect(navigations.filter(({ set, on }) => !names.has(set) || on.some(([ours]) => !own.has(ours)))).toEqual([]);
      expect(properties.filter(({ unit }) => unit !== undefined && !own.has(unit))).toEqual([]);
    }
  });

  // the facts know fields of the credit service only; no metadata of it are public
  it.skipIf(!existsSync(fileOf(path)))('has no property, key or navigation that SAP has not, with its types and lengths', () => {
    const metadata = readFileSync(fileOf(path), 'utf8');
    for (const { type, keys, properties, navigations } of sets) {
      const real = typeOf(metadata, type);
      expect(keys).toEqual(real.keys);
      expect(navigations.filter(({ name }) => !real.navigations.includes(name))).toEqual([]);
      expect(properties.length).toBeGreaterThan(real.properties.size * 0.6);
      for (const { name, type: edm, maxLength, scale, unit, displayFormat, filterable, creatable } of properties) {
        const known = real.properties.get(name);
        const flag = (attribute: string): false | undefined => (known?.[attribute] === 'false' ? false : undefined);
        expect({
          name,
          edm,
          maxLength: optional(maxLength),
          unit,
          displayFormat,
          filterable,
          creatable,
          scale: optional(scale),
        }).toEqual({
          name,
          edm: known?.Type,
          maxLength: known?.MaxLength,
          unit: known?.['sap:unit'],
          displayFormat: edm === 'Edm.Boolean' ? undefined : known?.['sap:display-format'],
          filterable: flag('sap:filterable'),
          creatable: flag('sap:creatable'),
          scale: known?.Scale,
        });
      }
    }
  });
});
