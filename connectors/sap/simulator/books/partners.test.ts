// Business partners, customers and products: what belongs together, who has which change stamp, and what is refused.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeepRow, Row } from '../model.ts';
import { CUSTOMER, testCompany, type TestCompany } from './test-company.ts';

let company: TestCompany;
beforeEach(() => {
  company = testCompany();
});

const leaf = (row: Row): DeepRow => ({ row, children: {} });
const AREA: Row = { SalesOrganization: '1010', DistributionChannel: '10', Division: '00' };
const partner = (children: DeepRow['children'] = {}): DeepRow => ({
  row: { BusinessPartnerCategory: '2', OrganizationBPName1: 'Weser Ventile' },
  children,
});
const read = (set: string, where: Row): Row[] => [...company.books.related(set, where)];

describe('a business partner', () => {
  it('is made with all that was given inside it, and is a customer by its role', () => {
    const made = company.books.create(
      'A_BusinessPartner',
      partner({
        to_BusinessPartnerAddress: [
          {
            row: { Country: 'DE', CityName: 'Bremen' },
            children: {
              to_EmailAddress: [leaf({ EmailAddress: 'ap@weser.example' })],
              to_PhoneNumber: [leaf({ PhoneNumber: '421 555' })],
            },
          },
        ],
        to_BusinessPartnerRole: [leaf({ BusinessPartnerRole: 'FLCU00' }), leaf({ BusinessPartnerRole: 'FLCU01' })],
        to_BusinessPartnerTax: [leaf({ BPTaxType: 'DE0', BPTaxNumber: 'DE987654321' })],
        to_BusinessPartnerBank: [leaf({ BankCountryKey: 'DE', IBAN: 'DE89370400440532013000' })],
        to_Customer: [
          {
            row: { VATRegistration: 'DE987654321' },
            children: {
              to_CustomerCompany: [leaf({ CompanyCode: '1010', PaymentTerms: 'NT30', CustomerAccountNote: 'our-ref' })],
              to_CustomerSalesArea: [
                {
                  row: { ...AREA, CustomerPaymentTerms: 'NT30' },
                  children: { to_PartnerFunction: [leaf({ PartnerFunction: 'PY', BPCustomerNumber: CUSTOMER })] },
                },
              ],
            },
          },
        ],
      }),
    );
    const number = made.BusinessPartner ?? '';
    expect(made).toMatchObject({
      BusinessPartner: '0001000001',
      Customer: '0001000001',
      BusinessPartnerFullName: 'Weser Ventile',
      LastChangeDate: null,
      LastChangeTime: '00:00:00',
      CreationDate: '2026-05-04',
      CreationTime: '12:00:00',
    });
    expect(company.books.get('A_Customer', { Customer: number })).toMatchObject({
      CustomerName: 'Weser Ventile',
      VATRegistration: 'DE987654321',
    });
    const [address] = read('A_BusinessPartnerAddress', { BusinessPartner: number });
    expect(read('A_AddressEmailAddress', { AddressID: address?.AddressID ?? '', Person: '' })).toMatchObject([
      { EmailAddress: 'ap@weser.example', OrdinalNumber: '1' },
    ]);
    expect(read('A_AddressPhoneNumber', { AddressID: address?.AddressID ?? '' })).toHaveLength(1);
    expect(read('A_BusinessPartnerTaxNumber', { BusinessPartner: number })).toMatchObject([{ BPTaxNumber: 'DE987654321' }]);
    expect(read('A_CustomerCompany', { Customer: number })).toMatchObject([
      { CompanyCode: '1010', ReconciliationAccount: '0012100000', CustomerAccountNote: 'our-ref' },
    ]);
    // what is ordered is paid by somebody else
    const order = company.books.create('A_SalesOrder', {
      row: { ...AREA, SalesOrderType: 'OR', OrganizationDivision: '00', SoldToParty: number },
      children: { to_Item: [leaf({ Material: 'PUMP', RequestedQuantity: '1' })] },
    });
    expect(
      company.books.get('A_SalesOrderHeaderPartner', { SalesOrder: order.SalesOrder ?? '', PartnerFunction: 'PY' }),
    ).toMatchObject({ Customer: CUSTOMER });
  });

  it('has no change stamp until its first change; changes of what belongs to it are its own', () => {
    const before = company.books.get('A_BusinessPartner', { BusinessPartner: CUSTOMER });
    expect(before).toMatchObject({ LastChangeDate: null, LastChangeTime: '00:00:00' });
    company.goTo('2026-05-08');
    company.books.update('A_CustomerCompany', { Customer: CUSTOMER, CompanyCode: '1010' }, { PaymentTerms: 'NT60' });
    const after = company.books.get('A_BusinessPartner', { BusinessPartner: CUSTOMER });
    expect(after).toMatchObject({ LastChangeDate: '2026-05-08', LastChangeTime: '12:00:00' });
    expect(read('A_BusinessPartner', { LastChangeDate: '2026-05-08' })).toHaveLength(1);
    // rows are replaced, so what was read before still says what it said
    expect(before?.LastChangeDate).toBeNull();
  });

  it('is refused whole when a part of it is wrong', () => {
    const wrong: readonly (readonly [DeepRow, string])[] = [
      [
        partner({ to_Customer: [{ row: {}, children: { to_CustomerCompany: [leaf({ CompanyCode: '9999' })] } }] }),
        'Company code 9999 is not defined',
      ],
      [
        partner({
          to_Customer: [{ row: {}, children: { to_CustomerCompany: [leaf({ CompanyCode: '1010', PaymentTerms: 'Q1' })] } }],
        }),
        'Payment terms Q1 are not defined',
      ],
      [
        partner({ to_BusinessPartnerAddress: [leaf({ CityName: 'Nowhere' })] }),
        "Property 'Country' of 'A_BusinessPartnerAddress' is required",
      ],
      [{ row: { BusinessPartnerCategory: '2' }, children: {} }, 'Specify at least a name'],
    ];
    const count = [...company.books.rows('A_BusinessPartner')].length;
    for (const [one, message] of wrong) expect(() => company.books.create('A_BusinessPartner', one)).toThrow(message);
    expect([...company.books.rows('A_BusinessPartner')]).toHaveLength(count);
    expect(company.books.create('A_BusinessPartner', partner()).BusinessPartner).toBe('0001000001');
  });

  it('that is blocked takes no more orders', () => {
    company.people.changePartner('10100001', { isBlocked: true });
    expect(() =>
      company.people.createOrder({ soldTo: CUSTOMER, company: '1010', items: [{ material: 'PUMP', quantity: '1' }] }),
    ).toThrow('is blocked for orders');
  });
});

describe('a product', () => {
  it('is stamped when it is made and whenever it or its texts change', () => {
    const made = company.books.get('A_Product', { Product: 'PUMP' });
    expect(made?.LastChangeDateTime).toBe('2026-05-04T12:00:00.1230000Z');
    company.goTo('2026-05-08');
    company.books.update('A_ProductDescription', { Product: 'PUMP', Language: 'EN' }, { ProductDescription: 'Gear pump' });
    expect(company.books.get('A_Product', { Product: 'PUMP' })?.LastChangeDateTime).toBe('2026-05-08T12:00:00.1230000Z');
  });
});
