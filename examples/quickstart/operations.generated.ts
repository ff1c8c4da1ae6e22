/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What create customer takes. */
export type CreateCustomerInput = {
  /** The country, ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined;
  /** Does everything but keep it: shows what would come of it. */
  readonly dryRun?: boolean | null | undefined;
  /** The e-mail address for documents. */
  readonly email?: string | null | undefined;
  /** A retry with the same key and input gets the first answer and has no second effect; kept for 7 days. */
  readonly idempotencyKey?: string | null | undefined;
  /** The name. */
  readonly name: string;
  /** The number in the group, unique. */
  readonly number: string;
  /** The customer that it belongs to. */
  readonly parentId?: string | null | undefined;
  /** The group's own classification. */
  readonly segment?: string | null | undefined;
  /** The tax registration number. */
  readonly taxId?: string | null | undefined;
};

/** What a error code can be. */
export type ErrorCode =
  /** The records belong to different customer accounts. Use records of one account. */
  | 'ACCOUNT_MISMATCH'
  /** A record with this key exists already. Use the existing record, or choose another key. */
  | 'ALREADY_EXISTS'
  /** More than one record fits. Name the record by its id. */
  | 'AMBIGUOUS'
  /** The amount is out of range or too precise for its currency. Send an amount that the currency can hold. */
  | 'AMOUNT_INVALID'
  /** Nobody decided on this request in time. Ask for it again. */
  | 'APPROVAL_EXPIRED'
  /** This is more than one person may decide alone. Ask for it by the command that the message names; another person approves it. */
  | 'APPROVAL_NEEDED'
  /** The request is not well formed. Correct the part that the message names. */
  | 'BAD_REQUEST'
  /** The request body is larger than allowed. Send less at once. */
  | 'BODY_TOO_LARGE'
  /** The audit trail does not verify. Tell the operator at once; the message names the position. */
  | 'CHAIN_BROKEN'
  /** The business clock can only move forwards. Choose a later time. */
  | 'CLOCK_BACKWARDS'
  /** Another write kept getting in the way. Send the same request again. */
  | 'CONFLICT_RETRY'
  /** The credit of the customer does not allow it. Take less, or have the credit limit raised. */
  | 'CREDIT_LIMIT_EXCEEDED'
  /** Amounts in different currencies were mixed. Send both amounts in one currency, or convert first. */
  | 'CURRENCY_MISMATCH'
  /** The cursor is not one that this API made. Start from the first page. */
  | 'CURSOR_INVALID'
  /** The cursor belongs to another sort order. Keep orderBy while paging, or start from the first page. */
  | 'CURSOR_ORDER_MISMATCH'
  /** What happened since the cursor is no longer known: the log keeps events for a limited time. Read everything anew, and go on from its position. */
  | 'CURSOR_TOO_OLD'
  /** The terms do not offer this discount to this payment. Take at most the discount that the message names, or none. */
  | 'DISCOUNT_NOT_AVAILABLE'
  /** The server takes trusted documents only. Have the operator add the document, or ask for the permission documents:any. */
  | 'DOCUMENT_NOT_TRUSTED'
  /** The reference is already used for this account. Check for a duplicate, or use another reference. */
  | 'DUPLICATE_REFERENCE'
  /** One person may not do both: the two permissions are a forbidden pair. Ask another person, who has not done the other half, to do it. */
  | 'DUTIES_CONFLICT'
  /** The effective date is not allowed here. Use a date within the range that the message names. */
  | 'EFFECTIVE_DATE_INVALID'
  /** An ERP has authority over this record, and this can not be wished from it. Do it in the ERP: it will show here by itself. Or have an administrator set the authority. */
  | 'ERP_AUTHORITY'
  /** The ERP will not do what it was asked for. Mend what its words name, there or here, then try again. */
  | 'ERP_REFUSED'
  /** The ERP does not accept the credentials of the connection. Change the credentials of the connection, then check it. */
  | 'ERP_SIGN_IN_REFUSED'
  /** The ERP gave no answer, or said that it can not answer now. Try again in a while; the message says what came. */
  | 'ERP_UNREACHABLE'
  /** The file of the export is larger than the server allows. Export less at once: fewer fields, or parts of the list by where. */
  | 'EXPORT_TOO_LARGE'
  /** Your roles do not allow this action or field. Ask an administrator for a role that allows it. */
  | 'FORBIDDEN'
  /** A socket message is larger than allowed. Send smaller messages. */
  | 'FRAME_TOO_LARGE'
  /** The number series must have no gaps. Issue in order; undo with a credit note, never by deletion. */
  | 'GAPLESS_ONLY'
  /** A customer would become its own ancestor. Choose a parent outside of its own descendants. */
  | 'HIERARCHY_CYCLE'
  /** The idempotency key is empty, too long or not plain ASCII. Send 1 to 200 visible ASCII characters. */
  | 'IDEMPOTENCY_KEY_INVALID'
  /** The idempotency key was used with another input. Use a new key for a new request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** Something unexpected went wrong on our side. Send the error id to the operator. */
  | 'INTERNAL'
  /** Introspection is switched off on this server. Use the published schema file. */
  | 'INTROSPECTION_DISABLED'
  /** The text is not an id of the kind that is asked for. Send an id as the API returned it. */
  | 'INVALID_ID'
  /** A value is not of the form that its field asks for. Correct the field that the message names. */
  | 'INVALID_INPUT'
  /** Other records still refer to this one. Remove or change those first. */
  | 'IN_USE'
  /** knownAt is so recent that running writes could still change the answer. Use a time at least 30 seconds ago. */
  | 'KNOWN_AT_TOO_RECENT'
  /** The tenant would be left without an administrator. Appoint another administrator first. */
  | 'LAST_ADMIN'
  /** Another process has taken over this work. Nothing: the other process goes on with it. */
  | 'LEASE_LOST'
  /** There is no open amount left to allocate. Choose an item with an open amount. */
  | 'NOTHING_TO_ALLOCATE'
  /** Nothing of the order can be billed now. Ship goods first, or bill it later. */
  | 'NOTHING_TO_BILL'
  /** Nothing that is billed is left to credit. Record the return first, or credit the invoice by amounts. */
  | 'NOTHING_TO_CREDIT'
  /** The server lacks a setting that this needs. Ask the operator to set what the message names. */
  | 'NOT_CONFIGURED'
  /** There is no such record, or you may not see it. Check the id and that you may see the record. */
  | 'NOT_FOUND'
  /** An open hold stops the order at this stage. Have the holds that the message names released first. */
  | 'ORDER_ON_HOLD'
  /** The allocation is more than what is open. Allocate at most the open amount. */
  | 'OVER_ALLOCATION'
  /** The paging arguments contradict each other. Use first with after, or last with before. */
  | 'PAGE_ARGUMENTS_INVALID'
  /** The page is larger than allowed. Ask for fewer rows per page. */
  | 'PAGE_TOO_LARGE'
  /** The accounting period is closed. Use an effective date in an open period. */
  | 'PERIOD_CLOSED'
  /** No document is known by this hash or id. Send the text with its hash once, or have the operator add it. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** There is no price of this product in this currency on this day. Set a price in a list, or agree one with the customer, then repeat. */
  | 'PRICE_MISSING'
  /** More is asked for than the line has left. Ask for at most the quantity that the message names. */
  | 'QUANTITY_EXCEEDED'
  /** The query could read more rows than allowed. Ask for smaller pages or fewer nested lists. */
  | 'QUERY_TOO_COSTLY'
  /** The query is nested too deeply. Split it into several queries. */
  | 'QUERY_TOO_DEEP'
  /** Your budget, or that of your tenant, does not hold what this costs. Wait as long as the answer says. */
  | 'RATE_LIMITED'
  /** There is no exchange rate for this currency and day. Enter or import the rate, then repeat. */
  | 'RATE_MISSING'
  /** This is possible in a sandbox tenant only. Use a sandbox tenant. */
  | 'SANDBOX_ONLY'
  /** A kept secret can't be opened. Make a new secret, or give the server its older key back. */
  | 'SECRET_UNREADABLE'
  /** Nobody can change their own roles or approve their own request. Ask another person to do it. */
  | 'SELF_GRANT'
  /** A webhook is not signed as it has to be. Sign it with the shared secret, each attempt anew. */
  | 'SIGNATURE_INVALID'
  /** What is known of the record is older than asked for, and the ERP could not be asked. Try again in a moment, bear an older one by `within`, or take what is known by `orStale`. */
  | 'SOURCE_STALE'
  /** The server has no room left for the file. Tell the operator; then do it again. */
  | 'STORAGE_FULL'
  /** The event stream, or an operation on it, is there already. Use another id, or end the first. */
  | 'STREAM_CONFLICT'
  /** No row of the tax table fits this sale. Set the row that the message names, then repeat. */
  | 'TAX_RULE_MISSING'
  /** The answer took longer than allowed. Try again, or ask for less at once. */
  | 'TIMEOUT'
  /** The access token has expired. Get a new token and send the request again. */
  | 'TOKEN_EXPIRED'
  /** The query has too many aliases. Split it into several queries. */
  | 'TOO_MANY_ALIASES'
  /** The document has too many operations and fragments. Send fewer definitions per document. */
  | 'TOO_MANY_DEFINITIONS'
  /** The query has too many directives. Use fewer directives. */
  | 'TOO_MANY_DIRECTIVES'
  /** The tenant has as many webhook endpoints as it may have. Delete one, or give one more events. */
  | 'TOO_MANY_ENDPOINTS'
  /** As many exports of yours as may be under way wait or run. Wait for one to end, or cancel one. */
  | 'TOO_MANY_EXPORTS'
  /** The query selects too many fields. Select fewer fields. */
  | 'TOO_MANY_FIELDS'
  /** As many imports of yours as may be under way wait or run. Wait for one to end, or cancel one. */
  | 'TOO_MANY_IMPORTS'
  /** A list has more items than allowed. Send the items in several requests. */
  | 'TOO_MANY_ITEMS'
  /** Too many connections are open. Close some first, or share one connection. */
  | 'TOO_MANY_SOCKETS'
  /** Too many subscriptions are open. Close some first. */
  | 'TOO_MANY_STREAMS'
  /** The query text is too long. Shorten the query; send values as variables. */
  | 'TOO_MANY_TOKENS'
  /** The request carries no valid credentials. Sign in, or send a valid token or API key. */
  | 'UNAUTHENTICATED'
  /** A part of the service is not reachable now. Try again in a moment. */
  | 'UNAVAILABLE'
  /** The content type is not supported here. Send a content type that the message names. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** As many bytes of files of yours as may be are here. Delete some, or wait until older ones are. */
  | 'UPLOADS_FULL'
  /** The record has changed since you read it. Read it again and repeat with its new version. */
  | 'VERSION_CONFLICT'
  /** The record is in a state in which this action is not possible. Choose an action from allowedActions. */
  | 'WRONG_STATE';

/** What a invoice status can be. */
export type InvoiceStatus =
  /** Given up before it was issued. */
  | 'CANCELLED'
  /** Nothing is open: credited. */
  | 'CREDITED'
  /** Not issued yet. */
  | 'DRAFT'
  /** Issued, and nothing was paid. */
  | 'OPEN'
  /** Nothing is open: paid, perhaps less a discount. */
  | 'PAID'
  /** Paid in part. */
  | 'PARTIALLY_PAID'
  /** Taken back in the ERP. */
  | 'VOIDED'
  /** Nothing is open: the last of it was written off. */
  | 'WRITTEN_OFF';

export type OpenInvoicesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type OpenInvoicesQuery = { readonly invoices: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly number: string | null, readonly dueOn: string | null, readonly status: InvoiceStatus, readonly open: { readonly amount: string, readonly currency: string }, readonly customer: { readonly name: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type NewCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
}>;


export type NewCustomerMutation = { readonly createCustomer: { readonly customer: { readonly id: string, readonly number: string, readonly name: string, readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> }> } };

export type InvoiceChangesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type InvoiceChangesSubscription = { readonly invoiceChanged: { readonly cursor: string, readonly event: { readonly type: string } | null, readonly gap: { readonly from: string, readonly to: string } | null, readonly record: { readonly number: string | null, readonly status: InvoiceStatus, readonly open: { readonly amount: string, readonly currency: string } } | null } };


export const OpenInvoicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OpenInvoices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"status"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"in"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"OPEN"},{"kind":"EnumValue","value":"PARTIALLY_PAID"}]}}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"DUE_ON"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"open"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<OpenInvoicesQuery, OpenInvoicesQueryVariables>;
export const NewCustomerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"NewCustomer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCustomer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<NewCustomerMutation, NewCustomerMutationVariables>;
export const InvoiceChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}}]}},{"kind":"Field","name":{"kind":"Name","value":"gap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}}]}},{"kind":"Field","name":{"kind":"Name","value":"record"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"open"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceChangesSubscription, InvoiceChangesSubscriptionVariables>;