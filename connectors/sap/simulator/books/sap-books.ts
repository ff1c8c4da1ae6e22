/** The books of the simulated system behind all its services: reads go to the rows, writes to the rules of what they are of. */
import type { Books, DeepRow, Message, Row, Service } from '../model.ts';
import { Context, type SapChange, type SapSettings } from './context.ts';
import { changeCreditData, createCreditData } from './credit-accounts.ts';
import { watchExposure } from './credit.ts';
import { changeDelivery, createDelivery, deleteDelivery } from './deliveries.ts';
import { derivedRows, isDerived } from './derived.ts';
import { callFunction } from './functions.ts';
import { changeOrder, changeOrderPart, createOrder, createOrderPart, removeOrderPart } from './orders.ts';
import { changePartnerData, createPartnerData, stampPartner } from './partner-rows.ts';
import { People } from './people.ts';
import { changeProduct, createProduct } from './products.ts';
import { notFound, notPossible } from './refusals.ts';
import { SERVICES } from './sets/index.ts';
import { type KeptStore, Store } from './store.ts';

export type KeptBooks = KeptStore;

const SERVICE_OF = new Map(SERVICES.flatMap(({ path, sets }) => sets.map(({ name }) => [name, path] as const)));

export class SapBooks implements Books {
  readonly services: readonly Service[] = SERVICES;
  /** What people do in its screens. */
  readonly people: People;
  readonly context: Context;
  readonly #listeners: ((changes: readonly SapChange[]) => void)[] = [];
  #depth = 0;
  #toldVersion = 0;

  constructor(now: () => Date, settings: SapSettings = {}) {
    this.context = new Context(new Store(now, settings.zoneOffsetMinutes ?? 0), settings);
    watchExposure(this.context);
    this.people = new People(this.context, (work) => this.atomically(work));
  }

  get version(): number {
    return this.context.store.version;
  }

  get companyCodes(): readonly string[] {
    return this.context.companies.map(({ code }) => code);
  }

  /** Hears of each unit of work that has changed anything, and of what happened to objects that others are told of. */
  onChange(listener: (changes: readonly SapChange[]) => void): void {
    this.#listeners.push(listener);
  }

  rows(set: string): Iterable<Row> {
    return isDerived(set) ? derivedRows(this.context, set, {}) : this.context.store.table(set).rows();
  }

  /** From the one with the highest key back. */
  newest(set: string): Iterable<Row> {
    return this.context.store.table(set).newest();
  }

  get(set: string, key: Row): Row | null {
    if (!isDerived(set)) return this.context.store.get(set, key) ?? null;
    for (const row of derivedRows(this.context, set, key)) return row;
    return null;
  }

  related(set: string, where: Row): Iterable<Row> {
    return isDerived(set) ? derivedRows(this.context, set, where) : this.context.store.table(set).related(where);
  }

  create(set: string, deep: DeepRow): Row {
    return this.atomically(() => {
      const made = this.#create(set, deep);
      return this.get(set, made) ?? made;
    });
  }

  update(set: string, key: Row, changes: Row): Row {
    return this.atomically(() => {
      const row = this.get(set, key);
      if (row === null) throw notFound(set);
      this.#update(set, row, changes);
      return this.get(set, key) ?? row;
    });
  }

  remove(set: string, key: Row): void {
    this.atomically(() => {
      const row = this.get(set, key);
      if (row === null) throw notFound(set);
      this.#remove(set, row);
    });
  }

  call(_: string, name: string, parameters: Row): readonly Row[] | Row | null {
    return this.atomically(() => callFunction(this.context, name, parameters));
  }

  takeMessages(): readonly Message[] {
    return [];
  }

  atomically<T>(work: () => T): T {
    this.#depth += 1;
    try {
      return this.context.store.atomically(work);
    } catch (error) {
      if (this.#depth === 1) this.#forget();
      throw error;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#tell();
    }
  }

  kept(): KeptBooks {
    return this.context.store.kept();
  }

  /** Into empty books. */
  load(kept: KeptBooks): void {
    this.context.store.load(kept);
  }

  #create(set: string, deep: DeepRow): Row {
    switch (SERVICE_OF.get(set)) {
      case 'API_BUSINESS_PARTNER':
        return this.#createPartnerData(set, deep);
      case 'API_PRODUCT_SRV':
        return createProduct(this.context, set, deep);
      case 'API_SALES_ORDER_SRV':
        return set === 'A_SalesOrder' ? createOrder(this.context, deep) : createOrderPart(this.context, set, deep);
      case 'API_OUTBOUND_DELIVERY_SRV;v=0002':
        if (set !== 'A_OutbDeliveryHeader') throw notPossible(set, 'POST');
        return createDelivery(this.context, deep);
      case 'API_CRDTMBUSINESSPARTNER':
        return createCreditData(this.context, set, deep);
      default:
        throw notPossible(set, 'POST');
    }
  }

  #createPartnerData(set: string, deep: DeepRow): Row {
    const made = createPartnerData(this.context, set, deep);
    if (set !== 'A_BusinessPartner') stampPartner(this.context, set, made);
    return made;
  }

  #update(set: string, row: Row, changes: Row): void {
    switch (SERVICE_OF.get(set)) {
      case 'API_BUSINESS_PARTNER':
        changePartnerData(this.context, set, row, changes);
        return;
      case 'API_PRODUCT_SRV':
        changeProduct(this.context, set, row, changes);
        return;
      case 'API_SALES_ORDER_SRV':
        if (set === 'A_SalesOrder') changeOrder(this.context, row, changes);
        else changeOrderPart(this.context, set, row, changes);
        return;
      case 'API_OUTBOUND_DELIVERY_SRV;v=0002':
        changeDelivery(this.context, set, row, changes);
        return;
      case 'API_CRDTMBUSINESSPARTNER':
        changeCreditData(this.context, set, row, changes);
        return;
      default:
        throw notPossible(set, 'PATCH');
    }
  }

  #remove(set: string, row: Row): void {
    switch (SERVICE_OF.get(set)) {
      case 'API_BUSINESS_PARTNER':
        this.context.store.drop(set, row);
        stampPartner(this.context, set, row);
        return;
      case 'API_SALES_ORDER_SRV':
        removeOrderPart(this.context, set, row);
        return;
      case 'API_OUTBOUND_DELIVERY_SRV;v=0002':
        deleteDelivery(this.context, set, row);
        return;
      case 'API_CRDTMBUSINESSPARTNER':
      case 'API_PRODUCT_SRV':
        this.context.store.drop(set, row);
        return;
      default:
        throw notPossible(set, 'DELETE');
    }
  }

  /** What was undone is told to nobody. */
  #forget(): void {
    this.context.takeChanges();
    this.#toldVersion = this.version;
  }

  #tell(): void {
    if (this.version === this.#toldVersion) return;
    this.#toldVersion = this.version;
    const changes = this.context.takeChanges();
    for (const listener of this.#listeners) listener(changes);
  }
}
