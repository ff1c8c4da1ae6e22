/** Which properties outbound deliveries have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const OUTB_DELIVERY_HEADER_KEYS = 'DeliveryDocument';
export const OUTB_DELIVERY_HEADER = `
ActualDeliveryRoute:6t- Shippinglocationtimezone:6t- ActualGoodsMovementDate:D> Receivinglocationtimezone:6t- ActualGoodsMovementTime:T-
BillingDocumentDate:D- BillOfLading:35t> CompleteDeliveryIsDefined:b- ConfirmationTime:T- CreatedByUser:12t- CreationDate:D- CreationTime:T-
CustomerGroup:2t- DeliveryBlockReason:2t> DeliveryDate:D> DeliveryDocument:10A- DeliveryDocumentBySupplier:35t> DeliveryDocumentType:4t-
DeliveryIsInPlant:b- DeliveryPriority:2t> DeliveryTime:T> DeliveryVersion:4t- DepreciationPercentage:5,2- DistrStatusByDecentralizedWrhs:1t-
DocumentDate:D- ExternalIdentificationType:1t- ExternalTransportSystem:5t- FactoryCalendarByCustomer:2t- GoodsIssueOrReceiptSlipNumber:10t-
GoodsIssueTime:T> HandlingUnitInStock:1t- HdrGeneralIncompletionStatus:1t- HdrGoodsMvtIncompletionStatus:1t- HeaderBillgIncompletionStatus:1t-
HeaderBillingBlockReason:2t- HeaderDelivIncompletionStatus:1t- HeaderGrossWeight:15,3> HeaderNetWeight:15,3> HeaderPackingIncompletionSts:1t-
HeaderPickgIncompletionStatus:1t- HeaderVolume:15,3> HeaderVolumeUnit:3t> HeaderWeightUnit:3t> IncotermsClassification:3t>
IncotermsTransferLocation:28t> IntercompanyBillingDate:D- InternalFinancialDocument:10A- IsDeliveryForSingleWarehouse:1t- IsExportDelivery:1t-
LastChangeDate:D- LastChangedByUser:12t- LoadingDate:D> LoadingPoint:2t- LoadingTime:T> MeansOfTransport:20t> MeansOfTransportRefMaterial:40t-
MeansOfTransportType:4t> OrderCombinationIsAllowed:b- OrderID:12t- OverallDelivConfStatus:1t- OverallDelivReltdBillgStatus:1t-
OverallGoodsMovementStatus:1t- OverallIntcoBillingStatus:1t- OverallPackingStatus:1t- OverallPickingConfStatus:1t- OverallPickingStatus:1t-
OverallProofOfDeliveryStatus:1t- OverallSDProcessStatus:1t- OverallWarehouseActivityStatus:1t- OvrlItmDelivIncompletionSts:1t-
OvrlItmGdsMvtIncompletionSts:1t- OvrlItmGeneralIncompletionSts:1t- OvrlItmPackingIncompletionSts:1t- OvrlItmPickingIncompletionSts:1t-
PaymentGuaranteeProcedure:6t- PickedItemsLocation:20t- PickingDate:D> PickingTime:T> PlannedGoodsIssueDate:D> ProofOfDeliveryDate:D-
ProposedDeliveryRoute:6t> ReceivingPlant:4t- RouteSchedule:10t- SalesDistrict:6t- SalesOffice:4t- SalesOrganization:4t- SDDocumentCategory:4t-
ShipmentBlockReason:2t- ShippingCondition:2t- ShippingPoint:4t^ ShippingType:2t- ShipToParty:10A- SoldToParty:10A- SpecialProcessingCode:4t-
StatisticsCurrency:5t- Supplier:10A- TotalBlockStatus:1t- TotalCreditCheckStatus:1t- TotalNumberOfPackage:5t- TransactionCurrency:5t-
TransportationGroup:4t- TransportationPlanningDate:D> TransportationPlanningStatus:1t- TransportationPlanningTime:T> UnloadingPointName:25t>
Warehouse:3t- WarehouseGate:3t- WarehouseStagingArea:10t-
`;

export const OUTB_DELIVERY_ITEM_KEYS = 'DeliveryDocument DeliveryDocumentItem';
export const OUTB_DELIVERY_ITEM = `
ActualDeliveredQtyInBaseUnit:13,3> ActualDeliveryQuantity:13,3 AdditionalCustomerGroup1:3t- AdditionalCustomerGroup2:3t- AdditionalCustomerGroup3:3t-
AdditionalCustomerGroup4:3t- AdditionalCustomerGroup5:3t- AdditionalMaterialGroup1:3t- AdditionalMaterialGroup2:3t- AdditionalMaterialGroup3:3t-
AdditionalMaterialGroup4:3t- AdditionalMaterialGroup5:3t- AlternateProductNumber:40t- BaseUnit:3t- Batch:10t> BatchBySupplier:15t-
BatchClassification:18t- BOMExplosion:8t- BusinessArea:4t- ConsumptionPosting:1t- ControllingArea:4t- CostCenter:10A- CreatedByUser:12t-
CreationDate:D- CreationTime:T- CustEngineeringChgStatus:17t- DeliveryDocument:10A^ DeliveryDocumentItem:6t- DeliveryDocumentItemCategory:4t-
DeliveryDocumentItemText:40t> DeliveryGroup:3t- DeliveryQuantityUnit:3t^ DeliveryRelatedBillingStatus:1t- DeliveryToBaseQuantityDnmntr:5,0-
DeliveryToBaseQuantityNmrtr:5,0- DeliveryVersion:4t- DepartmentClassificationByCust:4t- DistributionChannel:2t- Division:2t-
EUDeliveryItemARCStatus:1t> FixedShipgProcgDurationInDays:5,2- GLAccount:10A- GoodsMovementReasonCode:4t- GoodsMovementStatus:1t-
GoodsMovementType:3t- HigherLvlItmOfBatSpltItm:6t- HigherLevelItem:6t- InspectionLot:12t- InspectionPartialLot:6t- IntercompanyBillingStatus:1t-
InternationalArticleNumber:18t- InventorySpecialStockType:1t- InventoryValuationType:10t> IsCompletelyDelivered:b- IsNotGoodsMovementsRelevant:1t-
IsSeparateValuation:b- IssgOrRcvgBatch:10t- IssgOrRcvgMaterial:40t- IssgOrRcvgSpclStockInd:1t- IssgOrRcvgStockCategory:1t-
IssgOrRcvgValuationType:10t- IssuingOrReceivingPlant:4t- IssuingOrReceivingStorageLoc:4t- ItemBillingBlockReason:2t- ItemBillingIncompletionStatus:1t-
ItemDeliveryIncompletionStatus:1t- ItemGdsMvtIncompletionSts:1t- ItemGeneralIncompletionStatus:1t- ItemGrossWeight:15,3> ItemIsBillingRelevant:1t-
ItemNetWeight:15,3> ItemPackingIncompletionStatus:1t- ItemPickingIncompletionStatus:1t- ItemVolume:15,3> ItemVolumeUnit:3t> ItemWeightUnit:3t>
LastChangeDate:D- LoadingGroup:4t- ManufactureDate:D> Material:40t- MaterialByCustomer:35t> MaterialFreightGroup:8t- MaterialGroup:9t-
MaterialIsBatchManaged:b- MaterialIsIntBatchManaged:b- NumberOfSerialNumbers:i- OrderID:12t- OrderItem:4t- OriginalDeliveryQuantity:13,3-
OriginallyRequestedMaterial:40t- OverdelivTolrtdLmtRatioInPct:3,1- PackingStatus:1t- PartialDeliveryIsAllowed:1t- PaymentGuaranteeForm:2t-
PickingConfirmationStatus:1t- PickingControl:1t- PickingStatus:1t- Plant:4t- PrimaryPostingSwitch:1t- ProductAvailabilityDate:D-
ProductAvailabilityTime:T- ProductConfiguration:18t- ProductHierarchyNode:18t- ProfitabilitySegment:10t- ProfitCenter:10A-
ProofOfDeliveryRelevanceCode:1t- ProofOfDeliveryStatus:1t- QuantityIsFixed:b- ReceivingPoint:25t- ReferenceDocumentLogicalSystem:10t-
ReferenceSDDocument:10A^ ReferenceSDDocumentCategory:4t- ReferenceSDDocumentItem:6t^ RetailPromotion:10t- SalesDocumentItemType:1t- SalesGroup:3t-
SalesOffice:4t- SDDocumentCategory:4t- SDProcessStatus:1t- ShelfLifeExpirationDate:D> StatisticsDate:D- StockType:1t- StorageBin:10t-
StorageLocation:4t> StorageType:3t- SubsequentMovementType:3t- TransportationGroup:4t- UnderdelivTolrtdLmtRatioInPct:3,1-
UnlimitedOverdeliveryIsAllowed:b- VarblShipgProcgDurationInDays:5,2- Warehouse:3t- WarehouseActivityStatus:1t- WarehouseStagingArea:10t-
WarehouseStockCategory:1t- WarehouseStorageBin:10t- StockSegment:40t- RequirementSegment:40t- ProductSeasonYear:4t- ProductSeason:10t-
ProductCollection:10t- ProductTheme:10t- ProductCharacteristic1:18t- ProductCharacteristic2:18t- ProductCharacteristic3:18t-
`;

export const OUTB_DELIVERY_PARTNER_KEYS = 'PartnerFunction SDDocument';
export const OUTB_DELIVERY_PARTNER = `
AddressID:10A-! BusinessPartnerAddressUUID:g-! RefBusinessPartnerAddressUUID:g-! ContactPerson:10t-! Customer:10A-! PartnerFunction:2t-!
Personnel:8t-! SDDocument:10A-! SDDocumentItem:6t-! Supplier:10A-!
`;

export const OUTB_DELIVERY_DOC_FLOW_KEYS = 'PrecedingDocument PrecedingDocumentItem SubsequentDocumentCategory';
export const OUTB_DELIVERY_DOC_FLOW = `
Deliveryversion:4t-! PrecedingDocument:10A-! PrecedingDocumentCategory:4t-! PrecedingDocumentItem:6t-! Subsequentdocument:10A-!
QuantityInBaseUnit:15,3>! SubsequentDocumentItem:6t-! SDFulfillmentCalculationRule:1t-! SubsequentDocumentCategory:4t-!
TransferOrderInWrhsMgmtIsConfd:b-!
`;
