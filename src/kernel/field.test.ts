import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type FieldMeta, shown, shownOf } from './field.ts';

const number: FieldMeta = { description: 'The number on the document.', filter: true, sort: true };
const amount: FieldMeta = { description: 'What is open.', money: { as: 'open', currency: 'currency' } };

const Document = defineEntity({
  name: 'ShownDocument',
  properties: {
    id: p.uuid().primary(),
    number: shown(p.string(), number).nullable(),
    openMinor: shown(p.bigint('bigint'), amount),
    tags: shown(p.array(), { description: 'Words.' }),
    secret: p.string(),
  },
});

describe('shown', () => {
  it('is found in the metadata of the entity, with calls chained after it', () => {
    expect(shownOf(Document.meta.properties.number)).toEqual(number);
    expect(shownOf(Document.meta.properties.openMinor)).toEqual(amount);
    expect(Document.meta.properties.number.nullable).toBe(true);
  });

  it('is not there for a property that is not shown', () => {
    expect(shownOf(Document.meta.properties.secret)).toBeUndefined();
  });

  it('is still there when MikroORM has worked the metadata through', async () => {
    const orm = await MikroORM.init({ entities: [Document], dbName: 'none', connect: false } as never);
    const properties = orm.getMetadata().get(Document.class ?? 'ShownDocument').properties;
    expect(shownOf(properties.number)).toEqual(number);
    expect(shownOf(properties.openMinor)).toEqual(amount);
    expect(properties.openMinor).toMatchObject({ fieldNames: ['open_minor'] });
  });

  it('leaves the builder that was passed as it was', () => {
    const builder = p.string();
    expect(shown(builder, number)).not.toBe(builder);
    expect(builder['~options']).not.toHaveProperty('shown');
  });

  it('keeps the type of the builder', () => {
    const builder = p.bigint('bigint');
    expectTypeOf(shown(builder, amount)).toEqualTypeOf(builder);
    expect(shown(builder, amount)).toBeInstanceOf(builder.constructor);
  });
});
