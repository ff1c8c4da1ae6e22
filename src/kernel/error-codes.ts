/**
 * The closed list of everything that can be refused: why it happens and what helps. It is printed to `schema/errors.md`.
 * A code that clients have seen is never renamed and never gets another meaning.
 */

/**
 * Who has to act, and how it reaches a client.
 * - USER: a business refusal, shown as `userErrors` beside an empty result
 * - REQUEST: the request itself is malformed or too big; nothing of it was run
 * - AUTH: who is asking, or what they may do
 * - FAULT: our side; the same request may work later
 */
export type ErrorKind = 'USER' | 'REQUEST' | 'AUTH' | 'FAULT';

/** One row of the list: `cause` and `remedy` are sentences, `retryable` means that the same request may work later. */
export interface ErrorCodeRow {
  readonly cause: string;
  readonly remedy: string;
  readonly httpStatus: number;
  readonly retryable: boolean;
  readonly kind: ErrorKind;
}

const user = (httpStatus: number, cause: string, remedy: string) =>
  ({ cause, remedy, httpStatus, retryable: false, kind: 'USER' }) as const;
const request = (httpStatus: number, cause: string, remedy: string) =>
  ({ cause, remedy, httpStatus, retryable: false, kind: 'REQUEST' }) as const;
const auth = (httpStatus: number, cause: string, remedy: string) =>
  ({ cause, remedy, httpStatus, retryable: false, kind: 'AUTH' }) as const;
const fault = (httpStatus: number, cause: string, remedy: string) =>
  ({ cause, remedy, httpStatus, retryable: false, kind: 'FAULT' }) as const;
const again = <Row extends ErrorCodeRow>(row: Row) => ({ ...row, retryable: true }) as const;

/** Every code with its row; `keyof typeof ERROR_CODES` is the type of a code. */
export const ERROR_CODES = {
  // who is asking
  UNAUTHENTICATED: auth(401, 'The request carries no valid credentials.', 'Sign in, or send a valid token or API key.'),
  TOKEN_EXPIRED: auth(401, 'The access token has expired.', 'Get a new token and send the request again.'),
  SIGNATURE_INVALID: auth(401, 'A webhook is not signed as it has to be.', 'Sign it with the shared secret, each attempt anew.'),
  FORBIDDEN: auth(403, 'Your roles do not allow this action or field.', 'Ask an administrator for a role that allows it.'),

  // business refusals
  NOT_FOUND: user(404, 'There is no such record, or you may not see it.', 'Check the id and that you may see the record.'),
  INVALID_INPUT: user(422, 'A value is not of the form that its field asks for.', 'Correct the field that the message names.'),
  INVALID_ID: user(422, 'The text is not an id of the kind that is asked for.', 'Send an id as the API returned it.'),
  WRONG_STATE: user(
    409,
    'The record is in a state in which this action is not possible.',
    'Choose an action from allowedActions.',
  ),
  VERSION_CONFLICT: user(409, 'The record has changed since you read it.', 'Read it again and repeat with its new version.'),
  ALREADY_EXISTS: user(409, 'A record with this key exists already.', 'Use the existing record, or choose another key.'),
  AMBIGUOUS: user(409, 'More than one record fits.', 'Name the record by its id.'),
  DUPLICATE_REFERENCE: user(
    409,
    'The reference is already used for this account.',
    'Check for a duplicate, or use another reference.',
  ),
  IN_USE: user(409, 'Other records still refer to this one.', 'Remove or change those first.'),
  ERP_AUTHORITY: user(
    409,
    'An ERP has authority over this record, and this can not be wished from it.',
    'Do it in the ERP: it will show here by itself. Or have an administrator set the authority.',
  ),
  ERP_UNREACHABLE: user(
    409,
    'The ERP gave no answer, or said that it can not answer now.',
    'Try again in a while; the message says what came.',
  ),
  ERP_SIGN_IN_REFUSED: user(
    409,
    'The ERP does not accept the credentials of the connection.',
    'Change the credentials of the connection, then check it.',
  ),
  ERP_REFUSED: user(
    409,
    'The ERP will not do what it was asked for.',
    'Mend what its words name, there or here, then try again.',
  ),
  IDEMPOTENCY_KEY_REUSED: user(409, 'The idempotency key was used with another input.', 'Use a new key for a new request.'),
  IDEMPOTENCY_KEY_INVALID: user(
    422,
    'The idempotency key is empty, too long or not plain ASCII.',
    'Send 1 to 200 visible ASCII characters.',
  ),
  OVER_ALLOCATION: user(409, 'The allocation is more than what is open.', 'Allocate at most the open amount.'),
  NOTHING_TO_ALLOCATE: user(409, 'There is no open amount left to allocate.', 'Choose an item with an open amount.'),
  DISCOUNT_NOT_AVAILABLE: user(
    409,
    'The terms do not offer this discount to this payment.',
    'Take at most the discount that the message names, or none.',
  ),
  AMOUNT_INVALID: user(
    422,
    'The amount is out of range or too precise for its currency.',
    'Send an amount that the currency can hold.',
  ),
  CURRENCY_MISMATCH: user(
    422,
    'Amounts in different currencies were mixed.',
    'Send both amounts in one currency, or convert first.',
  ),
  RATE_MISSING: user(409, 'There is no exchange rate for this currency and day.', 'Enter or import the rate, then repeat.'),
  PRICE_MISSING: user(
    409,
    'There is no price of this product in this currency on this day.',
    'Set a price in a list, or agree one with the customer, then repeat.',
  ),
  TAX_RULE_MISSING: user(409, 'No row of the tax table fits this sale.', 'Set the row that the message names, then repeat.'),
  PERIOD_CLOSED: user(409, 'The accounting period is closed.', 'Use an effective date in an open period.'),
  EFFECTIVE_DATE_INVALID: user(
    422,
    'The effective date is not allowed here.',
    'Use a date within the range that the message names.',
  ),
  ACCOUNT_MISMATCH: user(409, 'The records belong to different customer accounts.', 'Use records of one account.'),
  HIERARCHY_CYCLE: user(409, 'A customer would become its own ancestor.', 'Choose a parent outside of its own descendants.'),
  LAST_ADMIN: user(409, 'The tenant would be left without an administrator.', 'Appoint another administrator first.'),
  SELF_GRANT: user(403, 'Nobody can change their own roles or approve their own request.', 'Ask another person to do it.'),
  DUTIES_CONFLICT: user(
    403,
    'One person may not do both: the two permissions are a forbidden pair.',
    'Ask another person, who has not done the other half, to do it.',
  ),
  APPROVAL_NEEDED: user(
    403,
    'This is more than one person may decide alone.',
    'Ask for it by the command that the message names; another person approves it.',
  ),
  APPROVAL_EXPIRED: user(409, 'Nobody decided on this request in time.', 'Ask for it again.'),
  KNOWN_AT_TOO_RECENT: user(
    422,
    'knownAt is so recent that running writes could still change the answer.',
    'Use a time at least 30 seconds ago.',
  ),
  ORDER_ON_HOLD: user(
    409,
    'An open hold stops the order at this stage.',
    'Have the holds that the message names released first.',
  ),
  QUANTITY_EXCEEDED: user(
    409,
    'More is asked for than the line has left.',
    'Ask for at most the quantity that the message names.',
  ),
  NOTHING_TO_BILL: user(409, 'Nothing of the order can be billed now.', 'Ship goods first, or bill it later.'),
  NOTHING_TO_CREDIT: user(
    409,
    'Nothing that is billed is left to credit.',
    'Record the return first, or credit the invoice by amounts.',
  ),
  CREDIT_LIMIT_EXCEEDED: user(
    409,
    'The credit of the customer does not allow it.',
    'Take less, or have the credit limit raised.',
  ),
  GAPLESS_ONLY: user(409, 'The number series must have no gaps.', 'Issue in order; undo with a credit note, never by deletion.'),
  SANDBOX_ONLY: user(403, 'This is possible in a sandbox tenant only.', 'Use a sandbox tenant.'),
  CLOCK_BACKWARDS: user(422, 'The business clock can only move forwards.', 'Choose a later time.'),
  TOO_MANY_EXPORTS: user(409, 'As many exports of yours as may be under way wait or run.', 'Wait for one to end, or cancel one.'),
  TOO_MANY_ENDPOINTS: user(
    409,
    'The tenant has as many webhook endpoints as it may have.',
    'Delete one, or give one more events.',
  ),
  TOO_MANY_IMPORTS: user(409, 'As many imports of yours as may be under way wait or run.', 'Wait for one to end, or cancel one.'),
  UPLOADS_FULL: user(409, 'As many bytes of files of yours as may be are here.', 'Delete some, or wait until older ones are.'),
  EXPORT_TOO_LARGE: user(
    409,
    'The file of the export is larger than the server allows.',
    'Export less at once: fewer fields, or parts of the list by where.',
  ),

  // paging
  CURSOR_INVALID: request(400, 'The cursor is not one that this API made.', 'Start from the first page.'),
  CURSOR_TOO_OLD: request(
    400,
    'What happened since the cursor is no longer known: the log keeps events for a limited time.',
    'Read everything anew, and go on from its position.',
  ),
  CURSOR_ORDER_MISMATCH: request(
    400,
    'The cursor belongs to another sort order.',
    'Keep orderBy while paging, or start from the first page.',
  ),
  PAGE_TOO_LARGE: request(400, 'The page is larger than allowed.', 'Ask for fewer rows per page.'),
  PAGE_ARGUMENTS_INVALID: request(
    400,
    'The paging arguments contradict each other.',
    'Use first with after, or last with before.',
  ),

  // size of a request
  QUERY_TOO_DEEP: request(400, 'The query is nested too deeply.', 'Split it into several queries.'),
  TOO_MANY_ALIASES: request(400, 'The query has too many aliases.', 'Split it into several queries.'),
  TOO_MANY_FIELDS: request(400, 'The query selects too many fields.', 'Select fewer fields.'),
  TOO_MANY_TOKENS: request(400, 'The query text is too long.', 'Shorten the query; send values as variables.'),
  TOO_MANY_DIRECTIVES: request(400, 'The query has too many directives.', 'Use fewer directives.'),
  TOO_MANY_DEFINITIONS: request(
    400,
    'The document has too many operations and fragments.',
    'Send fewer definitions per document.',
  ),
  TOO_MANY_ITEMS: request(400, 'A list has more items than allowed.', 'Send the items in several requests.'),
  QUERY_TOO_COSTLY: request(400, 'The query could read more rows than allowed.', 'Ask for smaller pages or fewer nested lists.'),
  RATE_LIMITED: again(
    request(429, 'Your budget, or that of your tenant, does not hold what this costs.', 'Wait as long as the answer says.'),
  ),
  BODY_TOO_LARGE: request(413, 'The request body is larger than allowed.', 'Send less at once.'),
  FRAME_TOO_LARGE: request(413, 'A socket message is larger than allowed.', 'Send smaller messages.'),
  TOO_MANY_STREAMS: again(request(429, 'Too many subscriptions are open.', 'Close some first.')),
  STREAM_CONFLICT: request(
    409,
    'The event stream, or an operation on it, is there already.',
    'Use another id, or end the first.',
  ),
  TOO_MANY_SOCKETS: again(request(429, 'Too many connections are open.', 'Close some first, or share one connection.')),
  PERSISTED_QUERY_NOT_FOUND: request(
    404,
    'No document is known by this hash or id.',
    'Send the text with its hash once, or have the operator add it.',
  ),
  DOCUMENT_NOT_TRUSTED: request(
    403,
    'The server takes trusted documents only.',
    'Have the operator add the document, or ask for the permission documents:any.',
  ),
  INTROSPECTION_DISABLED: request(400, 'Introspection is switched off on this server.', 'Use the published schema file.'),
  BAD_REQUEST: request(400, 'The request is not well formed.', 'Correct the part that the message names.'),
  UNSUPPORTED_MEDIA_TYPE: request(415, 'The content type is not supported here.', 'Send a content type that the message names.'),

  // our side
  TIMEOUT: again(fault(504, 'The answer took longer than allowed.', 'Try again, or ask for less at once.')),
  CONFLICT_RETRY: again(fault(409, 'Another write kept getting in the way.', 'Send the same request again.')),
  SOURCE_STALE: again(
    fault(
      503,
      'What is known of the record is older than asked for, and the ERP could not be asked.',
      'Try again in a moment, bear an older one by `within`, or take what is known by `orStale`.',
    ),
  ),
  UNAVAILABLE: again(fault(503, 'A part of the service is not reachable now.', 'Try again in a moment.')),
  STORAGE_FULL: again(fault(503, 'The server has no room left for the file.', 'Tell the operator; then do it again.')),
  LEASE_LOST: again(fault(503, 'Another process has taken over this work.', 'Nothing: the other process goes on with it.')),
  NOT_CONFIGURED: fault(500, 'The server lacks a setting that this needs.', 'Ask the operator to set what the message names.'),
  SECRET_UNREADABLE: fault(500, "A kept secret can't be opened.", 'Make a new secret, or give the server its older key back.'),
  CHAIN_BROKEN: fault(500, 'The audit trail does not verify.', 'Tell the operator at once; the message names the position.'),
  INTERNAL: fault(500, 'Something unexpected went wrong on our side.', 'Send the error id to the operator.'),
} as const satisfies Record<string, ErrorCodeRow>;

/** A code of the closed list. */
export type ErrorCode = keyof typeof ERROR_CODES;
