/** Which properties customers, their companies and sales areas have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const CUSTOMER_KEYS = 'Customer';
export const CUSTOMER = `
Customer:10a AuthorizationGroup:4 BillingIsBlockedForCustomer:2 CreatedByUser:12- CreationDate:d- CustomerAccountGroup:4 CustomerClassification:2
CustomerFullName:220- BPCustomerFullName:220- CustomerName:80t- BPCustomerName:81t- DeliveryIsBlocked:2 FreeDefinedAttribute01:2
FreeDefinedAttribute02:2 FreeDefinedAttribute03:2 FreeDefinedAttribute04:2 FreeDefinedAttribute05:2 FreeDefinedAttribute06:3 FreeDefinedAttribute07:3
FreeDefinedAttribute08:3 FreeDefinedAttribute09:3 FreeDefinedAttribute10:3 NFPartnerIsNaturalPerson:1 OrderIsBlockedForCustomer:2 PostingIsBlocked:b
Supplier:10a CustomerCorporateGroup:10 FiscalAddress:10 Industry:4- IndustryCode1:10 IndustryCode2:10 IndustryCode3:10 IndustryCode4:10
IndustryCode5:10 InternationalLocationNumber1:7n- InternationalLocationNumber2:5n- InternationalLocationNumber3:1n- NielsenRegion:2 PaymentReason:4
ResponsibleType:2 TaxNumber1:16- TaxNumber2:11- TaxNumber3:18- TaxNumber4:18- TaxNumber5:60- TaxNumberType:2 VATRegistration:20 DeletionIndicator:b
ExpressTrainStationName:25t TrainStationName:25t CityCode:4 County:3
`;

export const CUSTOMER_COMPANY_KEYS = 'Customer CompanyCode';
export const CUSTOMER_COMPANY = `
Customer:10a CompanyCode:4 APARToleranceGroup:4 AccountByCustomer:12 AccountingClerk:2 AccountingClerkFaxNumber:31t
AccountingClerkInternetAddress:130t AccountingClerkPhoneNumber:30 AlternativePayerAccount:10a AuthorizationGroup:4 CollectiveInvoiceVariant:1
CustomerAccountNote:30t CustomerHeadOffice:10a CustomerSupplierClearingIsUsed:b HouseBank:5 InterestCalculationCode:2 InterestCalculationDate:d
IntrstCalcFrequencyInMonths:2n IsToBeLocallyProcessed:b ItemIsToBePaidSeparately:b LayoutSortingRule:3 PaymentBlockingReason:1 PaymentMethodsList:10
PaymentReason:4 PaymentTerms:4 PaytAdviceIsSentbyEDI:b PhysicalInventoryBlockInd:b ReconciliationAccount:10a RecordPaymentHistoryIndicator:b
UserAtCustomer:15t DeletionIndicator:b CashPlanningGroup:10 KnownOrNegotiatedLeave:4 ValueAdjustmentKey:2 CustomerAccountGroup:4
`;

export const CUSTOMER_DUNNING_KEYS = 'Customer CompanyCode DunningArea';
export const CUSTOMER_DUNNING = `
Customer:10a CompanyCode:4 DunningArea:2 DunningBlock:1 DunningLevel:1n DunningProcedure:4 DunningRecipient:10a LastDunnedOn:d LegDunningProcedureOn:d
DunningClerk:2 AuthorizationGroup:4 CustomerAccountGroup:4
`;

export const CUSTOMER_SALES_AREA_KEYS = 'Customer SalesOrganization DistributionChannel Division';
export const CUSTOMER_SALES_AREA = `
Customer:10a SalesOrganization:4 DistributionChannel:2 Division:2 AccountByCustomer:12 AuthorizationGroup:4 BillingIsBlockedForCustomer:2
CompleteDeliveryIsDefined:b CreditControlArea:4 Currency:5 CustIsRlvtForSettlmtMgmt:b CustomerABCClassification:2 CustomerAccountAssignmentGroup:2
CustomerGroup:2 CustomerIsRebateRelevant:b CustomerPaymentTerms:4 CustomerPriceGroup:2 CustomerPricingProcedure:2 CustProdProposalProcedure:2
DeliveryIsBlockedForCustomer:2 DeliveryPriority:2n IncotermsClassification:3 IncotermsLocation2:70t IncotermsVersion:4 IncotermsLocation1:70t
IncotermsSupChnLoc1AddlUUID:g IncotermsSupChnLoc2AddlUUID:g IncotermsSupChnDvtgLocAddlUUID:g DeletionIndicator:b IncotermsTransferLocation:28t
InspSbstHasNoTimeOrQuantity:b InvoiceDate:2 ItemOrderProbabilityInPercent:3n ManualInvoiceMaintIsRelevant:b MaxNmbrOfPartialDelivery:1,0
OrderCombinationIsAllowed:b OrderIsBlockedForCustomer:2 OverdelivTolrtdLmtRatioInPct:3,1 PartialDeliveryIsAllowed:1 PriceListType:2 ProductUnitGroup:4
ProofOfDeliveryTimeValue:6,2 SalesGroup:3 SalesItemProposal:10 SalesOffice:4 ShippingCondition:2 SlsDocIsRlvtForProofOfDeliv:b
SlsUnlmtdOvrdelivIsAllwd:b SupplyingPlant:4 SalesDistrict:6 UnderdelivTolrtdLmtRatioInPct:3,1 InvoiceListSchedule:2 ExchangeRateType:4
AdditionalCustomerGroup1:3 AdditionalCustomerGroup2:3 AdditionalCustomerGroup3:3 AdditionalCustomerGroup4:3 AdditionalCustomerGroup5:3
PaymentGuaranteeProcedure:4 CustomerAccountGroup:4
`;

export const CUSTOMER_SALES_AREA_TAX_KEYS =
  'Customer SalesOrganization DistributionChannel Division DepartureCountry CustomerTaxCategory';
export const CUSTOMER_SALES_AREA_TAX = `
Customer:10a SalesOrganization:4 DistributionChannel:2 Division:2 DepartureCountry:3 CustomerTaxCategory:4 CustomerTaxClassification:1
`;

export const CUST_SALES_PARTNER_FUNC_KEYS =
  'Customer SalesOrganization DistributionChannel Division PartnerCounter PartnerFunction';
export const CUST_SALES_PARTNER_FUNC = `
Customer:10a SalesOrganization:4 DistributionChannel:2 Division:2 PartnerCounter:3n PartnerFunction:2 BPCustomerNumber:10a
CustomerPartnerDescription:30t DefaultPartner:b Supplier:10a PersonnelNumber:8n ContactPerson:10n AddressID:10a AuthorizationGroup:4
`;
