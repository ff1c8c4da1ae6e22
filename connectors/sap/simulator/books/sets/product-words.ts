/** Which properties products have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const PRODUCT_KEYS = 'Product';
export const PRODUCT = `
Product:40 ProductType:4 CrossPlantStatus:2 CrossPlantStatusValidityDate:d CreationDate:d- CreatedByUser:12- LastChangeDate:d- LastChangedByUser:12-
LastChangeDateTime:o7- IsMarkedForDeletion:b ProductOldID:40 GrossWeight:13,3@WeightUnit PurchaseOrderQuantityUnit:3t SourceOfSupply:1 WeightUnit:3t
NetWeight:13,3@WeightUnit CountryOfOrigin:3 CompetitorID:10 ProductGroup:9 BaseUnit:3t ItemCategoryGroup:4 ProductHierarchy:18 Division:2
VarblPurOrdUnitIsActive:1 VolumeUnit:3t MaterialVolume:13,3@VolumeUnit ANPCode:9n Brand:4 ProcurementRule:1 ValidityStartDate:d LowLevelCode:3
ProdNoInGenProdInPrepackProd:40 SerialIdentifierAssgmtProfile:4 SizeOrDimensionText:32 IndustryStandardName:18 ProductStandardID:18
InternationalArticleNumberCat:2 ProductIsConfigurable:b IsBatchManagementRequired:b ExternalProductGroup:18 CrossPlantConfigurableProduct:40
SerialNoExplicitnessLevel:1 ProductManufacturerNumber:40 ManufacturerNumber:10 ManufacturerPartProfile:4 QltyMgmtInProcmtIsActive:b IndustrySector:1
ChangeNumber:12 MaterialRevisionLevel:2 HandlingIndicator:4 WarehouseProductGroup:4 WarehouseStorageCondition:2 StandardHandlingUnitType:4
SerialNumberProfile:4 AdjustmentProfile:3 PreferredUnitOfMeasure:3t IsPilferable:b IsRelevantForHzdsSubstances:b QuarantinePeriod:3,0
TimeUnitForQuarantinePeriod:3t QualityInspectionGroup:4 AuthorizationGroup:4 DocumentIsCreatedByCAD:b HandlingUnitType:4 HasVariableTareWeight:b
MaximumPackagingLength:15,3@UnitForMaxPackagingDimensions MaximumPackagingWidth:15,3@UnitForMaxPackagingDimensions
MaximumPackagingHeight:15,3@UnitForMaxPackagingDimensions UnitForMaxPackagingDimensions:3t
`;

export const PRODUCT_DESCRIPTION_KEYS = 'Product Language';
export const PRODUCT_DESCRIPTION = `
Product:40 Language:2t ProductDescription:40t
`;

export const PRODUCT_SALES_DELIVERY_KEYS = 'Product ProductSalesOrg ProductDistributionChnl';
export const PRODUCT_SALES_DELIVERY = `
Product:40 ProductSalesOrg:4 ProductDistributionChnl:2 MinimumOrderQuantity:13,3@BaseUnit SupplyingPlant:4 PriceSpecificationProductGroup:2
AccountDetnProductGroup:2 DeliveryNoteProcMinDelivQty:13,3@BaseUnit ItemCategoryGroup:4 DeliveryQuantityUnit:3t
DeliveryQuantity:13,3@DeliveryQuantityUnit ProductSalesStatus:2 ProductSalesStatusValidityDate:d SalesMeasureUnit:3t IsMarkedForDeletion:b
ProductHierarchy:18 FirstSalesSpecProductGroup:3 SecondSalesSpecProductGroup:3 ThirdSalesSpecProductGroup:3 FourthSalesSpecProductGroup:3
FifthSalesSpecProductGroup:3 MinimumMakeToOrderOrderQty:13,3@BaseUnit BaseUnit:3t LogisticsStatisticsGroup:1 VolumeRebateGroup:2
ProductCommissionGroup:2 CashDiscountIsDeductible:b PricingReferenceProduct:40 RoundingProfile:4 ProductUnitGroup:4 VariableSalesUnitIsNotAllowed:b
ProductHasAttributeID01:b ProductHasAttributeID02:b ProductHasAttributeID03:b ProductHasAttributeID04:b ProductHasAttributeID05:b
ProductHasAttributeID06:b ProductHasAttributeID07:b ProductHasAttributeID08:b ProductHasAttributeID09:b ProductHasAttributeID10:b
`;

export const PRODUCT_SALES_TAX_KEYS = 'Product Country TaxCategory TaxClassification';
export const PRODUCT_SALES_TAX = `
Product:40 Country:3 TaxCategory:4 TaxClassification:1t
`;
