/**
 * @generated SignedSource<<497cb1885df94f9acc9510725f2dce60>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "ACCOUNT_MISMATCH" | "ALREADY_EXISTS" | "AMBIGUOUS" | "AMOUNT_INVALID" | "APPROVAL_EXPIRED" | "APPROVAL_NEEDED" | "BAD_REQUEST" | "BODY_TOO_LARGE" | "CHAIN_BROKEN" | "CLOCK_BACKWARDS" | "CONFLICT_RETRY" | "CREDIT_LIMIT_EXCEEDED" | "CURRENCY_MISMATCH" | "CURSOR_INVALID" | "CURSOR_ORDER_MISMATCH" | "CURSOR_TOO_OLD" | "DISCOUNT_NOT_AVAILABLE" | "DOCUMENT_NOT_TRUSTED" | "DUPLICATE_REFERENCE" | "DUTIES_CONFLICT" | "EFFECTIVE_DATE_INVALID" | "ERP_AUTHORITY" | "ERP_REFUSED" | "ERP_SIGN_IN_REFUSED" | "ERP_UNREACHABLE" | "EXPORT_TOO_LARGE" | "FORBIDDEN" | "FRAME_TOO_LARGE" | "GAPLESS_ONLY" | "HIERARCHY_CYCLE" | "IDEMPOTENCY_KEY_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "INTERNAL" | "INTROSPECTION_DISABLED" | "INVALID_ID" | "INVALID_INPUT" | "IN_USE" | "KNOWN_AT_TOO_RECENT" | "LAST_ADMIN" | "LEASE_LOST" | "NOTHING_TO_ALLOCATE" | "NOTHING_TO_BILL" | "NOTHING_TO_CREDIT" | "NOT_CONFIGURED" | "NOT_FOUND" | "ORDER_ON_HOLD" | "OVER_ALLOCATION" | "PAGE_ARGUMENTS_INVALID" | "PAGE_TOO_LARGE" | "PERIOD_CLOSED" | "PERSISTED_QUERY_NOT_FOUND" | "PRICE_MISSING" | "QUANTITY_EXCEEDED" | "QUERY_TOO_COSTLY" | "QUERY_TOO_DEEP" | "RATE_LIMITED" | "RATE_MISSING" | "SANDBOX_ONLY" | "SECRET_UNREADABLE" | "SELF_GRANT" | "SIGNATURE_INVALID" | "SOURCE_STALE" | "STORAGE_FULL" | "STREAM_CONFLICT" | "TAX_RULE_MISSING" | "TIMEOUT" | "TOKEN_EXPIRED" | "TOO_MANY_ALIASES" | "TOO_MANY_DEFINITIONS" | "TOO_MANY_DIRECTIVES" | "TOO_MANY_ENDPOINTS" | "TOO_MANY_EXPORTS" | "TOO_MANY_FIELDS" | "TOO_MANY_IMPORTS" | "TOO_MANY_ITEMS" | "TOO_MANY_SOCKETS" | "TOO_MANY_STREAMS" | "TOO_MANY_TOKENS" | "UNAUTHENTICATED" | "UNAVAILABLE" | "UNSUPPORTED_MEDIA_TYPE" | "UPLOADS_FULL" | "VERSION_CONFLICT" | "WRONG_STATE";
export type CreateCustomerInput = {
  country?: string | null | undefined;
  dryRun?: boolean | null | undefined;
  email?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  name: string;
  number: string;
  parentId?: string | null | undefined;
  segment?: string | null | undefined;
  taxId?: string | null | undefined;
};
export type openInvoicesNewCustomerMutation$variables = {
  input: CreateCustomerInput;
};
export type openInvoicesNewCustomerMutation$data = {
  readonly createCustomer: {
    readonly customer: {
      readonly id: string;
      readonly name: string;
      readonly number: string;
      readonly version: number;
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly code: ErrorCode;
      readonly message: string;
      readonly path: ReadonlyArray<string>;
    }>;
  };
};
export type openInvoicesNewCustomerMutation = {
  response: openInvoicesNewCustomerMutation$data;
  variables: openInvoicesNewCustomerMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": "CreateCustomerPayload",
    "kind": "LinkedField",
    "name": "createCustomer",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Customer",
        "kind": "LinkedField",
        "name": "customer",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "number",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "name",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "version",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "UserError",
        "kind": "LinkedField",
        "name": "userErrors",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "code",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "message",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "path",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "openInvoicesNewCustomerMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "openInvoicesNewCustomerMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "9f3c103454dd3356ec36ea20ec552698",
    "id": null,
    "metadata": {},
    "name": "openInvoicesNewCustomerMutation",
    "operationKind": "mutation",
    "text": "mutation openInvoicesNewCustomerMutation(\n  $input: CreateCustomerInput!\n) {\n  createCustomer(input: $input) {\n    customer {\n      id\n      number\n      name\n      version\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "10a53e03c8f1c5b280cd89af1d421e58";

export default node;
