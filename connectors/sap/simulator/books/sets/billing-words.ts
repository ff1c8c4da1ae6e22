/** Which properties billing documents have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const BILLING_DOCUMENT_KEYS = 'BillingDocument';
export const BILLING_DOCUMENT = `
BillingDocument:10a SDDocumentCategory:4t BillingDocumentCategory:1 BillingDocumentType:4 CreationDate:d CreationTime:T LastChangeDate:d
LastChangeDateTime:o7 LogicalSystem:10 SalesOrganization:4 DistributionChannel:2 Division:2 BillingDocumentDate:d BillingDocumentIsCancelled:b
CancelledBillingDocument:10a ForeignTrade:10 IsExportDelivery:1 BillingDocCombinationCriteria:40 ManualInvoiceMaintIsRelevant:b
IsIntrastatReportingRelevant:b IsIntrastatReportingExcluded:b TotalNetAmount:16,3@TransactionCurrency TransactionCurrency:5t StatisticsCurrency:5t
TaxAmount:14,3@TransactionCurrency TotalGrossAmount:17,3@TransactionCurrency CustomerPriceGroup:2 PriceListType:2 TaxDepartureCountry:3
VATRegistration:20 VATRegistrationOrigin:1 VATRegistrationCountry:3 HierarchyTypePricing:1 CustomerTaxClassification1:1 CustomerTaxClassification2:1
CustomerTaxClassification3:1 CustomerTaxClassification4:1 CustomerTaxClassification5:1 CustomerTaxClassification6:1 CustomerTaxClassification7:1
CustomerTaxClassification8:1 CustomerTaxClassification9:1 IsEUTriangularDeal:b SDPricingProcedure:6 ShippingCondition:2 IncotermsVersion:4
IncotermsClassification:3 IncotermsTransferLocation:28t IncotermsLocation1:70t IncotermsLocation2:70t PayerParty:10a ContractAccount:12a
CustomerPaymentTerms:4 PaymentMethod:1 PaymentReference:30 FixedValueDate:d AdditionalValueDays:2n SEPAMandate:35 CompanyCode:4 FiscalYear:4n
AccountingDocument:10a CustomerAccountAssignmentGroup:2 AccountingExchangeRateIsSet:b AbsltAccountingExchangeRate:9,5 AcctgExchangeRateIsIndrctQtan:b
ExchangeRateDate:d ExchangeRateType:4 DocumentReferenceID:16 AssignmentReference:18t DunningArea:2 DunningBlockingReason:1 DunningKey:1
InternalFinancialDocument:10a IsRelevantForAccrual:b SoldToParty:10a PartnerCompany:6 PurchaseOrderByCustomer:35t CustomerGroup:2 Country:3 CityCode:4
SalesDistrict:6 Region:3 County:3 CreditControlArea:4 CustomerRebateAgreement:10 SalesDocumentCondition:10a OverallSDProcessStatus:1
OverallBillingStatus:1 AccountingPostingStatus:1 AccountingTransferStatus:1 BillingIssueType:1 InvoiceListStatus:1 OvrlItmGeneralIncompletionSts:1
OverallPricingIncompletionSts:1 InvoiceClearingStatus:1 BillingDocumentListType:4 BillingDocumentListDate:d
`;

export const BILLING_DOCUMENT_ITEM_KEYS = 'BillingDocument BillingDocumentItem';
export const BILLING_DOCUMENT_ITEM = `
BillingDocument:10a BillingDocumentItem:6n SalesDocumentItemCategory:4 SalesDocumentItemType:1 ReturnItemProcessingType:1 CreatedByUser:12
CreationDate:d CreationTime:T ReferenceLogicalSystem:10 OrganizationDivision:2 Division:2 SalesOffice:4 Material:40 OriginallyRequestedMaterial:40
InternationalArticleNumber:18 PricingReferenceMaterial:40 Batch:10 ProductHierarchyNode:18 MaterialGroup:9 AdditionalMaterialGroup1:3
AdditionalMaterialGroup2:3 AdditionalMaterialGroup3:3 AdditionalMaterialGroup4:3 AdditionalMaterialGroup5:3 MaterialCommissionGroup:2 Plant:4
StorageLocation:4 ReplacementPartType:1 MaterialGroupHierarchy1:18 MaterialGroupHierarchy2:18 PlantRegion:3 PlantCounty:3 PlantCity:4 BOMExplosion:8
MaterialDeterminationType:1 BillingDocumentItemText:40t ServicesRenderedDate:d BillingQuantity:13,3@BillingQuantityUnit BillingQuantityUnit:3t
BillingQuantityInBaseUnit:13,3@BaseUnit BaseUnit:3t MRPRequiredQuantityInBaseUnit:13,3@BaseUnit BillingToBaseQuantityDnmntr:5,0
BillingToBaseQuantityNmrtr:5,0 ItemGrossWeight:15,3@ItemWeightUnit ItemNetWeight:15,3@ItemWeightUnit ItemWeightUnit:3t ItemVolume:15,3@ItemVolumeUnit
ItemVolumeUnit:3t BillToPartyCountry:3 BillToPartyRegion:3 BillingPlanRule:1 BillingPlan:10 BillingPlanItem:6n NetAmount:16,3@TransactionCurrency
TransactionCurrency:5t GrossAmount:16,3@TransactionCurrency PricingDate:d AbsltPriceDetnExchangeRate:9,5 PriceDetnExchRateIsIndrctQtan:b
PriceDetnExchangeRateDate:d PricingScaleQuantityInBaseUnit:13,3@BaseUnit TaxAmount:14,3@TransactionCurrency CostAmount:14,3@TransactionCurrency
Subtotal1Amount:14,3@TransactionCurrency Subtotal2Amount:14,3@TransactionCurrency Subtotal3Amount:14,3@TransactionCurrency
Subtotal4Amount:14,3@TransactionCurrency Subtotal5Amount:14,3@TransactionCurrency Subtotal6Amount:14,3@TransactionCurrency StatisticalValueControl:1
CashDiscountIsDeductible:b CustomerConditionGroup1:2 CustomerConditionGroup2:2 CustomerConditionGroup3:2 CustomerConditionGroup4:2
CustomerConditionGroup5:2 ManualPriceChangeType:1 MaterialPricingGroup:2 AbsltStatisticsExchangeRate:9,5 StatisticsExchRateIsIndrctQtan:b
MainItemPricingRefMaterial:40 MainItemMaterialPricingGroup:2 DepartureCountry:3 TaxJurisdiction:15 ProductTaxClassification1:1
ProductTaxClassification2:1 ProductTaxClassification3:1 ProductTaxClassification4:1 ProductTaxClassification5:1 ProductTaxClassification6:1
ProductTaxClassification7:1 ProductTaxClassification8:1 ProductTaxClassification9:1 ZeroVATRsn:1
EligibleAmountForCashDiscount:14,3@TransactionCurrency BusinessArea:4 ProfitCenter:10a WBSElement:24n ControllingArea:4 ProfitabilitySegment:10n
OrderID:12 CostCenter:10a OriginSDDocument:10a OriginSDDocumentItem:6n MatlAccountAssignmentGroup:2 ReferenceSDDocument:10a ReferenceSDDocumentItem:6n
ReferenceSDDocumentCategory:4t SalesDocument:10a SalesDocumentItem:6n SalesSDDocumentCategory:4t HigherLevelItem:6n BillingDocumentItemInPartSgmt:6n
ExternalReferenceDocument:10 ExternalReferenceDocumentItem:6n SalesGroup:3 AdditionalCustomerGroup1:3 AdditionalCustomerGroup2:3
AdditionalCustomerGroup3:3 AdditionalCustomerGroup4:3 AdditionalCustomerGroup5:3 SDDocumentReason:3 RetailPromotion:10
RebateBasisAmount:14,3@TransactionCurrency VolumeRebateGroup:2 ItemIsRelevantForCredit:b CreditRelatedPrice:12,3@TransactionCurrency SalesDeal:10
SalesPromotion:10 SalesOrderSalesDistrict:6 SalesOrderCustomerGroup:2 SalesOrderCustomerPriceGroup:2 SalesOrderPriceListType:2
SalesOrderSalesOrganization:4 SalesOrderDistributionChannel:2 SalesDocIsCreatedFromReference:b ShippingPoint:4 HigherLevelItemUsage:1
`;

export const BILLING_DOCUMENT_ITEM_PRCG_ELMNT_KEYS =
  'BillingDocument BillingDocumentItem PricingProcedureStep PricingProcedureCounter';
export const BILLING_DOCUMENT_ITEM_PRCG_ELMNT = `
BillingDocument:10a- BillingDocumentItem:6n- PricingProcedureStep:3n PricingProcedureCounter:3n ConditionType:4 PricingDateTime:14-
ConditionCalculationType:3- ConditionBaseValue:24,9- ConditionRateValue:24,9 ConditionCurrency:5t ConditionQuantity:5,0@ConditionQuantityUnit
ConditionQuantityUnit:3t ConditionCategory:1t- ConditionIsForStatistics:b- PricingScaleType:1- IsRelevantForAccrual:b- CndnIsRelevantForInvoiceList:1-
ConditionOrigin:1- IsGroupCondition:1- ConditionRecord:10- ConditionSequentialNumber:3n- TaxCode:2- WithholdingTaxCode:2-
CndnRoundingOffDiffAmount:6,3@TransactionCurrency- ConditionAmount:16,3@TransactionCurrency- TransactionCurrency:5t ConditionControl:1-
ConditionInactiveReason:1- ConditionClass:1- PrcgProcedureCounterForHeader:3n- StructureCondition:1- PricingScaleBasis:3-
ConditionScaleBasisValue:24,9- ConditionScaleBasisUnit:3t- ConditionScaleBasisCurrency:5t- CndnIsRelevantForIntcoBilling:b-
ConditionIsManuallyChanged:b- ConditionIsForConfiguration:b- VariantCondition:26t-
`;

export const BILLING_DOCUMENT_PARTNER_KEYS = 'BillingDocument PartnerFunction';
export const BILLING_DOCUMENT_PARTNER = `
BillingDocument:10a PartnerFunction:2 Customer:10a Supplier:10a Personnel:8n ContactPerson:10n
`;
