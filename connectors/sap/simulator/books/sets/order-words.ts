/** Which properties sales orders have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const SALES_ORDER_KEYS = 'SalesOrder';
export const SALES_ORDER = `
SalesOrder:10a SalesOrderType:4 SalesOrderTypeInternalCode:4- SalesOrganization:4 DistributionChannel:2 OrganizationDivision:2 SalesGroup:3
SalesOffice:4 SalesDistrict:6 SoldToParty:10a CreationDate:d- CreatedByUser:12- LastChangeDate:d- SenderBusinessSystemName:60t- ExternalDocumentID:40-
LastChangeDateTime:o7- ExternalDocLastChangeDateTime:o7- PurchaseOrderByCustomer:35t PurchaseOrderByShipToParty:35t CustomerPurchaseOrderType:4
CustomerPurchaseOrderDate:d SalesOrderDate:d TotalNetAmount:16,3@TransactionCurrency- OverallDeliveryStatus:1- TotalBlockStatus:1-
OverallOrdReltdBillgStatus:1- OverallSDDocReferenceStatus:1- TransactionCurrency:5 SDDocumentReason:3 PricingDate:d PriceDetnExchangeRate:9,5
BillingPlan:10 RequestedDeliveryDate:d ShippingCondition:2 CompleteDeliveryIsDefined:b ShippingType:2 HeaderBillingBlockReason:2 DeliveryBlockReason:2
DeliveryDateTypeRule:1 IncotermsClassification:3 IncotermsTransferLocation:28t IncotermsLocation1:70t IncotermsLocation2:70t IncotermsVersion:4
CustomerPriceGroup:2 PriceListType:2 CustomerPaymentTerms:4 PaymentMethod:1 FixedValueDate:d AssignmentReference:18t ReferenceSDDocument:10a
ReferenceSDDocumentCategory:4t- AccountingDocExternalReference:16 CustomerAccountAssignmentGroup:2 AccountingExchangeRate:9,5 CustomerGroup:2
AdditionalCustomerGroup1:3 AdditionalCustomerGroup2:3 AdditionalCustomerGroup3:3 AdditionalCustomerGroup4:3 AdditionalCustomerGroup5:3
SlsDocIsRlvtForProofOfDeliv:b CustomerTaxClassification1:1 CustomerTaxClassification2:1 CustomerTaxClassification3:1 CustomerTaxClassification4:1
CustomerTaxClassification5:1 CustomerTaxClassification6:1 CustomerTaxClassification7:1 CustomerTaxClassification8:1 CustomerTaxClassification9:1
TaxDepartureCountry:3 VATRegistrationCountry:3 SalesOrderApprovalReason:4- SalesDocApprovalStatus:1- OverallSDProcessStatus:1-
TotalCreditCheckStatus:1- OverallTotalDeliveryStatus:1- OverallSDDocumentRejectionSts:1- BillingDocumentDate:d ContractAccount:12a
AdditionalValueDays:2n CustomerPurchaseOrderSuplmnt:4 ServicesRenderedDate:d
`;

export const SALES_ORDER_ITEM_KEYS = 'SalesOrder SalesOrderItem';
export const SALES_ORDER_ITEM = `
SalesOrder:10a- SalesOrderItem:6n HigherLevelItem:6n HigherLevelItemUsage:1- SalesOrderItemCategory:4 SalesOrderItemText:40t
PurchaseOrderByCustomer:35t PurchaseOrderByShipToParty:35t UnderlyingPurchaseOrderItem:6 ExternalItemID:40- Material:40 MaterialByCustomer:35
PricingDate:d PricingReferenceMaterial:40 BillingPlan:10 RequestedQuantity:15,3@RequestedQuantitySAPUnit RequestedQuantityUnit:3t
RequestedQuantitySAPUnit:3t RequestedQuantityISOUnit:3 OrderQuantityUnit:3t- OrderQuantitySAPUnit:3t- OrderQuantityISOUnit:3-
ConfdDelivQtyInOrderQtyUnit:15,3@OrderQuantitySAPUnit- ItemGrossWeight:15,3@ItemWeightSAPUnit- ItemNetWeight:15,3@ItemWeightSAPUnit-
ItemWeightUnit:3t- ItemWeightSAPUnit:3t ItemWeightISOUnit:3 ItemVolume:15,3@ItemVolumeSAPUnit- ItemVolumeUnit:3t- ItemVolumeSAPUnit:3t
ItemVolumeISOUnit:3 OriginallyRequestedMaterial:40- TransactionCurrency:5- NetAmount:16,3@TransactionCurrency- TotalSDDocReferenceStatus:1-
SDDocReferenceStatus:1- MaterialSubstitutionReason:4- MaterialGroup:9 MaterialPricingGroup:2 AdditionalMaterialGroup1:3 AdditionalMaterialGroup2:3
AdditionalMaterialGroup3:3 AdditionalMaterialGroup4:3 AdditionalMaterialGroup5:3 BillingDocumentDate:d ContractAccount:12a AdditionalValueDays:2n
ServicesRenderedDate:d Batch:10 ProductionPlant:4 OriginalPlant:4- AltvBsdConfSubstitutionStatus:1- StorageLocation:4 DeliveryGroup:3n ShippingPoint:4
ShippingType:2 DeliveryPriority:2n DeliveryDateQuantityIsFixed:b DeliveryDateTypeRule:1 IncotermsClassification:3 IncotermsTransferLocation:28t
IncotermsLocation1:70t IncotermsLocation2:70t TaxAmount:14,3@TransactionCurrency ProductTaxClassification1:1 ProductTaxClassification2:1
ProductTaxClassification3:1 ProductTaxClassification4:1 ProductTaxClassification5:1 ProductTaxClassification6:1 ProductTaxClassification7:1
ProductTaxClassification8:1 ProductTaxClassification9:1 MatlAccountAssignmentGroup:2 CostAmount:14,3@TransactionCurrency CustomerPaymentTerms:4
FixedValueDate:d CustomerGroup:2 SalesDocumentRjcnReason:2 ItemBillingBlockReason:2 SlsDocIsRlvtForProofOfDeliv:b WBSElement:24n ProfitCenter:10a
AccountingExchangeRate:9,5 ReferenceSDDocument:10a ReferenceSDDocumentItem:6n SDProcessStatus:1- DeliveryStatus:1- OrderRelatedBillingStatus:1-
Subtotal1Amount:14,3@TransactionCurrency- Subtotal2Amount:14,3@TransactionCurrency- Subtotal3Amount:14,3@TransactionCurrency-
Subtotal4Amount:14,3@TransactionCurrency- Subtotal5Amount:14,3@TransactionCurrency- Subtotal6Amount:14,3@TransactionCurrency-
`;

export const SALES_ORDER_SCHEDULE_LINE_KEYS = 'SalesOrder SalesOrderItem ScheduleLine';
export const SALES_ORDER_SCHEDULE_LINE = `
SalesOrder:10a- SalesOrderItem:6n- ScheduleLine:4n RequestedDeliveryDate:d ConfirmedDeliveryDate:d OrderQuantityUnit:3t OrderQuantitySAPUnit:3t
OrderQuantityISOUnit:3 ScheduleLineOrderQuantity:13,3@OrderQuantitySAPUnit ConfdOrderQtyByMatlAvailCheck:13,3@OrderQuantitySAPUnit
DeliveredQtyInOrderQtyUnit:13,3@OrderQuantitySAPUnit OpenConfdDelivQtyInOrdQtyUnit:13,3@OrderQuantitySAPUnit
CorrectedQtyInOrderQtyUnit:13,3@OrderQuantitySAPUnit DelivBlockReasonForSchedLine:2
`;

export const SALES_ORDER_HEADER_PARTNER_KEYS = 'SalesOrder PartnerFunction';
export const SALES_ORDER_HEADER_PARTNER = `
SalesOrder:10a- PartnerFunction:2 PartnerFunctionInternalCode:2- Customer:10a Supplier:10a Personnel:8n ContactPerson:10n
WorkAssignmentExternalID:100t ReferenceBusinessPartner:10a- AddressID:10a VATRegistration:20
`;

export const SALES_ORDER_ITEM_PR_ELEMENT_KEYS = 'SalesOrder SalesOrderItem PricingProcedureStep PricingProcedureCounter';
export const SALES_ORDER_ITEM_PR_ELEMENT = `
SalesOrder:10a- SalesOrderItem:6n- PricingProcedureStep:3n PricingProcedureCounter:3n ConditionType:4 PricingDateTime:14-
PriceConditionDeterminationDte:d- ConditionCalculationType:3- ConditionBaseValue:24,9- ConditionRateValue:24,9 ConditionCurrency:5
ConditionQuantity:5,0@ConditionQuantitySAPUnit ConditionQuantityUnit:3t ConditionQuantitySAPUnit:3t ConditionQuantityISOUnit:3 ConditionCategory:1t-
ConditionIsForStatistics:b- PricingScaleType:1- IsRelevantForAccrual:b- CndnIsRelevantForInvoiceList:1- ConditionOrigin:1- IsGroupCondition:1-
ConditionRecord:10- ConditionSequentialNumber:3n- TaxCode:2- WithholdingTaxCode:2- CndnRoundingOffDiffAmount:6,3@TransactionCurrency-
ConditionAmount:16,3@TransactionCurrency- TransactionCurrency:5 ConditionControl:1- ConditionInactiveReason:1- ConditionClass:1-
PrcgProcedureCounterForHeader:3n- StructureCondition:1- PricingScaleBasis:3- ConditionScaleBasisValue:24,9- ConditionScaleBasisUnit:3t-
ConditionScaleBasisCurrency:5- CndnIsRelevantForIntcoBilling:b- ConditionIsManuallyChanged:b- ConditionIsForConfiguration:b- VariantCondition:26t-
`;

export const SALES_ORDER_SUBSQNT_PROC_FLOW_KEYS = 'SalesOrder DocRelationshipUUID';
export const SALES_ORDER_SUBSQNT_PROC_FLOW = `
SalesOrder:10a DocRelationshipUUID:g SubsequentDocument:10a SubsequentDocumentCategory:4t ProcessFlowLevel:2n OverallSDProcessStatus:1! CreationDate:d
CreationTime:T LastChangeDate:d
`;

export const SALES_ORDER_ITM_SUBSQNT_PROC_FLOW_KEYS = 'SalesOrder SalesOrderItem DocRelationshipUUID';
export const SALES_ORDER_ITM_SUBSQNT_PROC_FLOW = `
SalesOrder:10a SalesOrderItem:6n DocRelationshipUUID:g SubsequentDocument:10a SubsequentDocumentItem:6n SubsequentDocumentCategory:4t
ProcessFlowLevel:2n RelatedProcFlowDocStsFieldName:30! SDProcessStatus:1! AccountingTransferStatus:1! PrelimBillingDocumentStatus:1!
SubsqntDocItmPrecdgDocument:10a SubsqntDocItmPrecdgDocItem:6n SubsqntDocItmPrecdgDocCategory:4t CreationDate:d CreationTime:T LastChangeDate:d
`;

export const SALES_ORDER_TEXT_KEYS = 'SalesOrder Language LongTextID';
export const SALES_ORDER_TEXT = `
SalesOrder:10a- Language:2t LongTextID:4 LongText:t!
`;
