/** What QuickBooks refuses, with its own codes and words, in the envelope that it uses for it. */
import type { Body } from './body.ts';

export type FaultType = 'ValidationFault' | 'SystemFault' | 'AuthorizationFault' | 'SERVICE';

interface FaultOptions {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly element?: string | undefined;
  readonly type?: FaultType;
  readonly status?: number;
}

export class ApiFault extends Error {
  readonly status: number;
  /** As it stands below `Fault`, also in an item of a batch. */
  readonly body: Body;

  constructor({ code, message, detail, element, type = 'ValidationFault', status = 400 }: FaultOptions) {
    super(`${code} ${message}: ${detail}`);
    this.name = 'ApiFault';
    this.status = status;
    const error = { Message: message, Detail: detail, code, ...(element === undefined ? {} : { element }) };
    this.body = { Error: [error], type };
  }
}

const fault = (code: string, message: string, detail: string, element?: string): ApiFault =>
  new ApiFault({ code, message, detail, element });

export const missing = (element: string): ApiFault =>
  fault(
    '2020',
    'Required param missing, need to supply the required value for the API',
    `Required parameter ${element} is missing in the request`,
    element,
  );

export const unknownProperty = (name: string): ApiFault =>
  fault('2010', 'Request has invalid or unsupported property', `Property Name:${name} specified is unsupported or invalid`, name);

export const tooLong = (element: string, max: number, length: number): ApiFault =>
  fault(
    '2050',
    'String length is either shorter or longer than supported by specification',
    `String length specified does not match the supported length. Min:0 Max:${max} supported. Supplied length:${length}`,
    element,
  );

export const badNumber = (element: string, value: unknown): ApiFault =>
  fault('2080', 'Invalid Number', `Invalid number or date: ${String(value).slice(0, 40)}`, element);

export const badEnum = (element: string, value: string): ApiFault =>
  fault('2170', 'Invalid Enumeration', `Invalid Enumeration : ${value.slice(0, 40)}`, element);

export const badReference = (element: string, id: string): ApiFault =>
  fault('2500', 'Invalid Reference Id', `Invalid Reference Id : ${element} element id ${id} not found or made inactive`, element);

export const notFound = (): ApiFault =>
  fault(
    '610',
    'Object Not Found',
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees.",
  );

export const stale = (): ApiFault =>
  fault(
    '5010',
    'Stale Object Error',
    'Stale Object Error : You and someone else were working on this at the same time. They finished before you did, so your work was not saved.',
  );

export const duplicateName = (kind: string): ApiFault =>
  fault(
    '6240',
    'Duplicate Name Exists Error',
    `The name supplied already exists. : Another ${kind.toLowerCase()} is already using this name. Please use a different name.`,
  );

export const duplicateNumber = (number: string, entity: string, id: string): ApiFault =>
  fault(
    '6140',
    'Duplicate Document Number Error',
    `Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=${number} is assigned to TxnType=${entity} with TxnId=${id}`,
  );

export const periodClosed = (): ApiFault =>
  fault(
    '6210',
    'Account Period Closed, Cannot Update Through Services API',
    'The account period has closed and the account books cannot be updated through the QBO Services API. Please use the QBO website to make these changes.',
  );

export const deposited = (): ApiFault =>
  fault(
    '6540',
    'Deposited Transaction cannot be changed',
    'Deposited Transaction cannot be changed : This transaction has been deposited. If you want to change or delete it, you must edit the deposit it appears on and remove it first.',
  );

export const linkProblem = (detail: string): ApiFault => fault('620', 'Transaction Link Error', detail);

export const badSum = (detail: string, element: string): ApiFault =>
  fault('6070', 'Amount calculation incorrect in the request', detail, element);

export const againstRules = (detail: string, element?: string): ApiFault =>
  fault(
    '6000',
    'A business validation error has occurred while processing your request',
    `Business Validation Error: ${detail}`,
    element,
  );

export const unsupported = (operation: string): ApiFault =>
  fault('500', 'Unsupported Operation', `Operation ${operation} is not supported.`);

export const requestIdConflict = (): ApiFault =>
  fault('600', 'Duplicate Request Id', 'The request id was used for another request.', 'requestid');

export const unparsable = (detail: string): ApiFault => fault('4000', 'Error parsing query', `QueryParserError: ${detail}`);

export const invalidQuery = (detail: string): ApiFault => fault('4001', 'Invalid query', `QueryValidationError: ${detail}`);

export const malformed = (detail: string): ApiFault => fault('2010', 'Request has invalid or unsupported property', detail);

export const noResource = (path: string): ApiFault =>
  new ApiFault({
    code: '10000',
    message: 'An application error has occurred while processing your request',
    detail: `System Failure Error: Could not find resource for relative : ${path}`,
    type: 'SystemFault',
    status: 404,
  });

export const applicationError = (status: number): ApiFault =>
  new ApiFault({
    code: '10000',
    message: 'An application error has occurred while processing your request',
    detail: 'System Failure Error: simulated',
    type: 'SystemFault',
    status,
  });

export const throttled = (): ApiFault =>
  new ApiFault({
    code: '3001',
    message: 'message=ThrottleExceeded; errorCode=003001; statusCode=429',
    detail: 'The request limit was reached.  Try again later',
    type: 'SERVICE',
    status: 429,
  });

export const foreignCompany = (): ApiFault =>
  new ApiFault({
    code: '3100',
    message: 'message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403',
    detail: 'The application is not authorized for this company.',
    type: 'AuthorizationFault',
    status: 403,
  });

/** The other envelope: all in lower case, for a token that is not taken. */
export function unauthorized(detail: string, atMs: number): Body {
  const message = 'message=AuthenticationFailed; errorCode=003200; statusCode=401';
  return {
    warnings: null,
    intuitObject: null,
    fault: { error: [{ message, detail, code: '3200', element: null }], type: 'AUTHENTICATION' },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: atMs,
    status: null,
    cdcresponse: [],
  };
}
