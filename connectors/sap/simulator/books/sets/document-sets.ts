/** The services of deliveries, billing documents, accounting lines and credit accounts. Types only; no row is known here. */
import type { FunctionImport, Property, Service } from '../../model.ts';
import * as accounting from './accounting-words.ts';
import * as billing from './billing-words.ts';
import * as delivery from './delivery-words.ts';
import { propertiesOf, READ_ONLY, setOf, toMany, toManyOn, toOne } from './property-words.ts';

const MESSAGE = 'SystemMessageIdentification:20t- SystemMessageNumber:3t- SystemMessageType:1t-';
const VARIABLES =
  'SystemMessageVariable1:50t- SystemMessageVariable2:50t- SystemMessageVariable3:50t- SystemMessageVariable4:50t-';
const PICKING_REPORT = propertiesOf(
  `${MESSAGE} ${VARIABLES} Batch:10t- DeliveryQuantityUnit:3t- ActualDeliveryQuantity:13,3- DeliveryDocumentItemText:40t- Material:40t- DeliveryDocumentItem:6t- DeliveryDocument:10t-`,
);
const RETURN = propertiesOf(
  `CollectiveProcessing:10t- DeliveryDocument:10A- DeliveryDocumentItem:6t- ScheduleLine:4t- CollectiveProcessingMsgCounter:2t- ${MESSAGE} ${VARIABLES} CollectiveProcessingType:1t-`,
);
const CANCEL_RESULT = propertiesOf(
  `BillingDocument:10A- CancellationBillingDocument:10A- SystemMessageType:1t- SystemMessageIdentification:20t- SystemMessageNumber:3t- SystemMessageText:256t- ${VARIABLES}`,
);

const onDelivery = (name: string, complex: string, properties: readonly Property[]): FunctionImport => ({
  name,
  method: 'POST',
  set: 'A_OutbDeliveryHeader',
  parameters: [
    { name: 'DeliveryDocument', type: 'Edm.String' },
    ...(name === 'ReverseGoodsIssue' ? [{ name: 'ActualGoodsMovementDate', type: 'Edm.DateTime' } as const] : []),
  ],
  returns: { complex, properties, isMany: true },
});

export const OUTBOUND_DELIVERY: Service = {
  path: 'API_OUTBOUND_DELIVERY_SRV;v=0002',
  namespace: 'API_OUTBOUND_DELIVERY_SRV',
  functions: [
    onDelivery('PickAllItems', 'PickingReport', PICKING_REPORT),
    onDelivery('PostGoodsIssue', 'PickingReport', PICKING_REPORT),
    onDelivery('ReverseGoodsIssue', 'Return', RETURN),
  ],
  sets: [
    setOf('A_OutbDeliveryDocFlow', {
      keys: delivery.OUTB_DELIVERY_DOC_FLOW_KEYS,
      words: delivery.OUTB_DELIVERY_DOC_FLOW,
      traits: { ...READ_ONLY, addressable: false, pageable: false },
    }),
    setOf('A_OutbDeliveryHeader', {
      keys: delivery.OUTB_DELIVERY_HEADER_KEYS,
      words: delivery.OUTB_DELIVERY_HEADER,
      navigations: [
        toMany('to_DeliveryDocumentItem', 'A_OutbDeliveryItem', 'DeliveryDocument'),
        toManyOn('to_DeliveryDocumentPartner', 'A_OutbDeliveryPartner', ['DeliveryDocument', 'SDDocument']),
      ],
      traits: { etag: 'DeliveryVersion' },
    }),
    setOf('A_OutbDeliveryItem', {
      keys: delivery.OUTB_DELIVERY_ITEM_KEYS,
      words: delivery.OUTB_DELIVERY_ITEM,
      navigations: [
        toManyOn(
          'to_DocumentFlow',
          'A_OutbDeliveryDocFlow',
          ['DeliveryDocument', 'PrecedingDocument'],
          ['DeliveryDocumentItem', 'PrecedingDocumentItem'],
        ),
      ],
      traits: { creatable: false, etag: 'DeliveryVersion' },
    }),
    setOf('A_OutbDeliveryPartner', {
      keys: delivery.OUTB_DELIVERY_PARTNER_KEYS,
      words: delivery.OUTB_DELIVERY_PARTNER,
      traits: { ...READ_ONLY, addressable: false, pageable: false },
    }),
  ],
};

export const BILLING_DOCUMENT: Service = {
  path: 'API_BILLING_DOCUMENT_SRV',
  namespace: 'API_BILLING_DOCUMENT_SRV',
  functions: [
    {
      name: 'Cancel',
      method: 'POST',
      set: 'A_BillingDocument',
      parameters: [{ name: 'BillingDocument', type: 'Edm.String' }],
      returns: { complex: 'CancelResult', properties: CANCEL_RESULT, isMany: true },
    },
    {
      name: 'GetPDF',
      method: 'GET',
      set: 'A_BillingDocument',
      parameters: [{ name: 'BillingDocument', type: 'Edm.String' }],
      returns: { complex: 'GetPDFResult', properties: propertiesOf('BillingDocumentBinary:t-'), isMany: false },
    },
  ],
  sets: [
    setOf('A_BillingDocument', {
      keys: billing.BILLING_DOCUMENT_KEYS,
      words: billing.BILLING_DOCUMENT,
      navigations: [
        toMany('to_Item', 'A_BillingDocumentItem', 'BillingDocument'),
        toMany('to_Partner', 'A_BillingDocumentPartner', 'BillingDocument'),
      ],
      traits: { ...READ_ONLY, etag: 'LastChangeDateTime' },
    }),
    setOf('A_BillingDocumentItem', {
      keys: billing.BILLING_DOCUMENT_ITEM_KEYS,
      words: billing.BILLING_DOCUMENT_ITEM,
      navigations: [
        toOne('to_BillingDocument', 'A_BillingDocument', 'BillingDocument'),
        toMany('to_PricingElement', 'A_BillingDocumentItemPrcgElmnt', 'BillingDocument', 'BillingDocumentItem'),
      ],
      traits: READ_ONLY,
    }),
    setOf('A_BillingDocumentItemPrcgElmnt', {
      keys: billing.BILLING_DOCUMENT_ITEM_PRCG_ELMNT_KEYS,
      words: billing.BILLING_DOCUMENT_ITEM_PRCG_ELMNT,
      navigations: [toOne('to_BillingDocument', 'A_BillingDocument', 'BillingDocument')],
      traits: READ_ONLY,
    }),
    setOf('A_BillingDocumentPartner', {
      keys: billing.BILLING_DOCUMENT_PARTNER_KEYS,
      words: billing.BILLING_DOCUMENT_PARTNER,
      navigations: [toOne('to_BillingDocument', 'A_BillingDocument', 'BillingDocument')],
      traits: READ_ONLY,
    }),
  ],
};

export const ACCOUNTING: Service = {
  path: 'API_OPLACCTGDOCITEMCUBE_SRV',
  namespace: 'API_OPLACCTGDOCITEMCUBE_SRV',
  functions: [],
  sets: [
    setOf('A_OperationalAcctgDocItemCube', {
      keys: accounting.OPERATIONAL_ACCTG_DOC_ITEM_CUBE_KEYS,
      words: accounting.OPERATIONAL_ACCTG_DOC_ITEM_CUBE,
      traits: READ_ONLY,
    }),
  ],
};

/** No metadata of this service is public: the fields that the facts name, with the types that they give or that SAP uses elsewhere. */
export const CREDIT: Service = {
  path: 'API_CRDTMBUSINESSPARTNER',
  namespace: 'API_CRDTMBUSINESSPARTNER',
  functions: [],
  sets: [
    setOf('CreditManagementAccount', {
      keys: 'BusinessPartner CreditSegment',
      words: `BusinessPartner:10a^ CreditSegment:10^ CreditSegmentCurrency:5^ CreditLimitAmount:15,3@CreditSegmentCurrency CreditLimitValidityEndDate:d
        CreditLimitIsZero:b CreditLimitCalculatedAmount:15,3@CreditSegmentCurrency CreditLimitRequestedAmount:15,3@CreditSegmentCurrency
        CreditLimitLastChangeDate:d- CreditLimitRequestDate:d CreditLimitReqdValidityEndDate:d CreditAccountIsBlocked:b
        CreditAccountBlockReason:2 CreditAccountResubmissionDate:d BusinessPartnerIsCritical:b`,
      navigations: [toOne('to_CrdtMBusinessPartnerTP', 'CreditMgmtBusinessPartner', 'BusinessPartner')],
    }),
    setOf('CreditMgmtBusinessPartner', {
      keys: 'BusinessPartner',
      words: `BusinessPartner:10a^ CreditRiskClass:3 CalculatedCreditRiskClass:3- CreditCheckRule:10 CreditScoreAndLimitCalcRule:10
        CreditWorthinessScoreValue:10 CrdtMgmtBusinessPartnerGroup:4`,
      navigations: [toMany('to_CreditMgmtAccountTP', 'CreditManagementAccount', 'BusinessPartner')],
      traits: { deletable: false },
    }),
  ],
};
