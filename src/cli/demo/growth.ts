/** How the demo's group is founded and grows, as sets of commands: people, companies, terms, customers and their accounts. */
import type { PlainDate } from '../../kernel/date.ts';
import { instantOf } from './calendar.ts';
import { ENTITIES, PEOPLE, TERMS } from './company.ts';
import type { DemoCustomer } from './customers.ts';
import { newAgreements, PUBLIC_LIST } from './offering.ts';
import { isBilledOnOrder } from './selling.ts';
import { idKey, type Step, stepOf } from './step.ts';
import { exemptionOf } from './taxes.ts';
import { accountKey } from './trade.ts';

/** People, companies and terms, on the first morning. */
export const founding = (start: PlainDate, issuer: string): readonly Step[] => [
  {
    at: new Date(`${start}T06:30:00Z`),
    by: 'admin',
    command: 'createActor',
    inputs: PEOPLE.map(({ role, name, email }) => ({
      of: () => ({ kind: 'USER', name, email, issuer, subject: role, roles: [{ role }] }),
    })),
  },
  {
    at: new Date(`${start}T07:00:00Z`),
    by: 'admin',
    command: 'createLegalEntity',
    inputs: ENTITIES.map(({ bankAccount: _, ...entity }) => ({ makes: idKey('le', entity.code), of: () => entity })),
  },
  {
    at: new Date(`${start}T07:10:00Z`),
    by: 'credit',
    command: 'createPaymentTerms',
    inputs: TERMS.map((terms) => ({ makes: idKey('pt', terms.code), of: () => terms })),
  },
];

/** Parents first, then who belongs to them, then everybody's accounts. */
export function newCustomers(day: PlainDate, customers: readonly DemoCustomer[]): readonly (Step | null)[] {
  const make = (minute: number, list: readonly DemoCustomer[]) =>
    stepOf({
      at: instantOf(day, minute),
      by: 'order-desk',
      command: 'createCustomer',
      inputs: list.map(({ number, name, country, segment, parent }) => ({
        makes: idKey('cus', number),
        of: (id) => ({
          number,
          name,
          country,
          segment,
          email: `accounts@${number.toLowerCase()}.example`,
          taxId: `${country}${number.slice(2)}${String(number.charCodeAt(5) * 7919).slice(-5)}`,
          ...(parent === null ? {} : { parentId: id('cus', parent) }),
        }),
      })),
    });
  const accounts = customers.flatMap((customer) => customer.accounts.map((account) => ({ customer, account })));
  return [
    make(
      1,
      customers.filter((c) => c.parent === null),
    ),
    make(
      2,
      customers.filter((c) => c.parent !== null),
    ),
    stepOf({
      at: instantOf(day, 3),
      by: 'credit',
      command: 'openAccount',
      inputs: accounts.map(({ customer, account }) => ({
        makes: idKey('acc', accountKey(account.entity, customer.number)),
        of: (id) => ({
          customerId: id('cus', customer.number),
          legalEntityId: id('le', account.entity),
          number: customer.number,
          currency: account.currency,
          paymentTermsId: id('pt', account.terms),
          priceListId: customer.segment === 'Public' && account.currency === 'EUR' ? id('pl', PUBLIC_LIST) : null,
          billingRule: isBilledOnOrder(customer) ? 'ON_ORDER' : null,
          taxExemption: exemptionOf(customer, account),
          taxRegion: customer.region,
        }),
      })),
    }),
    newAgreements(day, customers),
  ];
}
