/**
 * Customers that several ERPs of the demo's group know, each in its own words: what a person finds to be one and the same. Everything here
 * is invented.
 */
import type { SimulatedCompany } from '../connect/simulator.ts';

const KESTREL = { country: 'DE', street: 'Werkstraße 14', postalCode: '70565', city: 'Stuttgart' } as const;
const HARUKA = { country: 'JP', street: '2-4-1 Nihonbashi', postalCode: '103-0027', city: 'Tokyo' } as const;
const AURELIA = { country: 'NL', street: 'Havenkade 8', postalCode: '3011 AB', city: 'Rotterdam' } as const;
const TAMSIN = { country: 'GB', street: '17 Foundry Lane', postalCode: 'SE1 7HR', city: 'London' } as const;
const OKONKWO = { country: 'US', street: '480 Harbor Blvd', postalCode: '94607', city: 'Oakland' } as const;

export const COMPANIES: Readonly<Record<'sap' | 'netsuite' | 'quickbooks', readonly SimulatedCompany[]>> = {
  sap: [
    {
      ...KESTREL,
      name: 'Müller Werkzeugbau GmbH & Co. KG',
      taxId: 'DE298115437',
      email: 'buchhaltung@mueller-werkzeugbau.example',
      phone: '+49 711 5550142',
      bankAccount: 'DE75512108001245126199',
      creditLimit: '60000',
      payer: 'LATE',
    },
    {
      ...AURELIA,
      name: 'Aurelia Scheepsbouw B.V.',
      taxId: 'NL004495445B01',
      email: 'crediteuren@aurelia.example',
      creditLimit: '40000',
    },
    { ...TAMSIN, name: 'Tamsin & Hale Ltd', taxId: 'GB980780684', email: 'ap@tamsinhale.example', payer: 'BAD' },
  ],
  netsuite: [
    {
      ...KESTREL,
      name: 'Mueller Werkzeugbau',
      taxId: 'DE 298 115 437',
      email: 'einkauf@mueller-werkzeugbau.example',
      bankAccount: 'DE75 5121 0800 1245 1261 99',
      payer: 'LATE',
    },
    { ...HARUKA, name: 'Haruka Seimitsu K.K.', email: 'keiri@haruka.example', phone: '+81 3 5550 0188' },
    { ...TAMSIN, name: 'Tamsin and Hale Limited', taxId: 'GB980780684', email: 'accounts@tamsinhale.example', payer: 'BAD' },
  ],
  quickbooks: [
    { ...KESTREL, name: 'Muller Tooling', email: 'ap@mueller-werkzeugbau.example', phone: '+49 711 5550142', payer: 'LATE' },
    { ...OKONKWO, name: 'Okonkwo Marine Group', email: 'ap@okonkwo-marine.example' },
    { ...AURELIA, name: 'Aurelia Shipbuilding', taxId: 'NL004495445B01', email: 'accounts@aurelia.example' },
  ],
};
