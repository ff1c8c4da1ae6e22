/** Which properties business partners have: name, type and flags, as `propertiesOf` reads them. Only what SAP has; none is invented. */

export const BUSINESS_PARTNER_KEYS = 'BusinessPartner';
export const BUSINESS_PARTNER = `
BusinessPartner:10a Customer:10a- Supplier:10a- AcademicTitle:4 AuthorizationGroup:4 BusinessPartnerCategory:1 BusinessPartnerFullName:81t-
BusinessPartnerGrouping:4 BusinessPartnerName:81t- BusinessPartnerUUID:g- CorrespondenceLanguage:2t CreatedByUser:12- CreationDate:d- CreationTime:T-
FirstName:40t FormOfAddress:4 Industry:10 InternationalLocationNumber1:7n InternationalLocationNumber2:5n IsFemale:b IsMale:b IsNaturalPerson:1
IsSexUnknown:b GenderCodeName:1 Language:2t LastChangeDate:d- LastChangeTime:T- LastChangedByUser:12- LastName:40t LegalForm:2 OrganizationBPName1:40t
OrganizationBPName2:40t OrganizationBPName3:40t OrganizationBPName4:40t OrganizationFoundationDate:d OrganizationLiquidationDate:d SearchTerm1:20
SearchTerm2:20 AdditionalLastName:40t BirthDate:d BusinessPartnerBirthDateStatus:1 BusinessPartnerBirthplaceName:40t BusinessPartnerDeathDate:d
BusinessPartnerIsBlocked:b BusinessPartnerType:4 ETag:26t- GroupBusinessPartnerName1:40t GroupBusinessPartnerName2:40t IndependentAddressID:10a-
InternationalLocationNumber3:1n MiddleName:40t NameCountry:3 NameFormat:2 PersonFullName:80t PersonNumber:10a- IsMarkedForArchiving:b
BusinessPartnerIDByExtSystem:20 BusinessPartnerPrintFormat:1 BusinessPartnerOccupation:4 BusPartMaritalStatus:1 BusPartNationality:3
BusinessPartnerBirthName:40t BusinessPartnerSupplementName:4 NaturalPersonEmployerName:35t LastNamePrefix:4 LastNameSecondPrefix:4 Initials:10
BPDataControllerIsNotRequired:b TradingPartner:6
`;

export const BUSINESS_PARTNER_ADDRESS_KEYS = 'BusinessPartner AddressID';
export const BUSINESS_PARTNER_ADDRESS = `
BusinessPartner:10a AddressID:10a ValidityStartDate:o0 ValidityEndDate:o0 AuthorizationGroup:4 AddressUUID:g- AdditionalStreetPrefixName:40t
AdditionalStreetSuffixName:40t AddressTimeZone:6 CareOfName:40t CityCode:12 CityName:40t CompanyPostalCode:10 Country:3 County:40t
DeliveryServiceNumber:10 DeliveryServiceTypeCode:4 District:40t FormOfAddress:4- FullName:80t- HomeCityName:40t HouseNumber:10t
HouseNumberSupplementText:10t Language:2t POBox:10 POBoxDeviatingCityName:40t POBoxDeviatingCountry:3 POBoxDeviatingRegion:3 POBoxIsWithoutNumber:b
POBoxLobbyName:40t POBoxPostalCode:10 Person:10a- PostalCode:10 PrfrdCommMediumType:3 Region:3 StreetName:60t StreetPrefixName:40t
StreetSuffixName:40t TaxJurisdiction:15 TransportZone:10 AddressIDByExternalSystem:20 CountyCode:8 TownshipCode:8 TownshipName:40t
`;

export const ADDRESS_EMAIL_ADDRESS_KEYS = 'AddressID Person OrdinalNumber';
export const ADDRESS_EMAIL_ADDRESS = `
AddressID:10a Person:10a OrdinalNumber:3n IsDefaultEmailAddress:b EmailAddress:241t SearchEmailAddress:20- AddressCommunicationRemarkText:50t
`;

export const ADDRESS_PHONE_NUMBER_KEYS = 'AddressID Person OrdinalNumber';
export const ADDRESS_PHONE_NUMBER = `
AddressID:10a Person:10a OrdinalNumber:3n DestinationLocationCountry:3 IsDefaultPhoneNumber:b PhoneNumber:30 PhoneNumberExtension:10
InternationalPhoneNumber:30- PhoneNumberType:1 AddressCommunicationRemarkText:50t
`;

export const BUSINESS_PARTNER_ROLE_KEYS = 'BusinessPartner BusinessPartnerRole';
export const BUSINESS_PARTNER_ROLE = `
BusinessPartner:10a BusinessPartnerRole:6 ValidFrom:o0 ValidTo:o0 AuthorizationGroup:4
`;

export const BUSINESS_PARTNER_TAX_NUMBER_KEYS = 'BusinessPartner BPTaxType';
export const BUSINESS_PARTNER_TAX_NUMBER = `
BusinessPartner:10a BPTaxType:4 BPTaxNumber:20 BPTaxLongNumber:60 AuthorizationGroup:4
`;

export const BUSINESS_PARTNER_BANK_KEYS = 'BusinessPartner BankIdentification';
export const BUSINESS_PARTNER_BANK = `
BusinessPartner:10a BankIdentification:4 BankCountryKey:3 BankName:60t- BankNumber:15 SWIFTCode:11- BankControlKey:2 BankAccountHolderName:60t
BankAccountName:40t ValidityStartDate:o0 ValidityEndDate:o0 IBAN:34 IBANValidityStartDate:d BankAccount:18 BankAccountReferenceText:20
CollectionAuthInd:b CityName:35t- AuthorizationGroup:4
`;
