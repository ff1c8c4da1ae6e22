/** What the protocol itself refuses, in SAP Gateway's words; refusals of the business are the books'. */
import { SapRefusal } from '../model.ts';

/** Codes of SAP's framework are numbers of its messages, not message classes. */
const NO_SEGMENT = '005056A509B11EE1B9A8FEC11C21D78E';
const BAD_OPTION = '005056A509B11EE1B9A8FEC11C23378E';
const BAD_PARAMETER = '005056A509B11EE1B9A8FEC11C21578E';
const SYNTAX = '/IWCOR/CX_DS_EXPR_SYNTAX_ERROR';
const BUSINESS = '/IWBEP/CX_MGW_BUSI_EXCEPTION';
const TECHNICAL = '/IWBEP/CX_MGW_TECH_EXCEPTION';

const refusal = (status: number, code: string, message: string, detail: string = code): SapRefusal =>
  new SapRefusal(status, code, message, [{ code: detail, message, severity: 'error' }]);

export const noSegment = (name: string): SapRefusal =>
  new SapRefusal(404, NO_SEGMENT, `Resource not found for the segment '${name}'.`);

/** Named in an option rather than in the path. */
export const noMember = (name: string, type: string): SapRefusal =>
  new SapRefusal(400, NO_SEGMENT, `Property ${name} not found in type ${type}`);

export const noRow = (type: string): SapRefusal =>
  refusal(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${type}'`, BUSINESS);

export const invalidToken = (position: number): SapRefusal =>
  refusal(400, BAD_PARAMETER, `Invalid token detected at position ${position}`, SYNTAX);

export const wrongOperand = (operator: string, position: number): SapRefusal =>
  refusal(400, BAD_PARAMETER, `Invalid parametertype used at function '${operator}' (Position: ${position})`, SYNTAX);

export const notFilterable = (name: string): SapRefusal =>
  refusal(400, '/IWBEP/CM_MGW_RT/025', `Filtering by property '${name}' is not supported`, TECHNICAL);

export const notSortable = (name: string): SapRefusal =>
  refusal(400, '/IWBEP/CM_MGW_RT/025', `Sorting by property '${name}' is not supported`, TECHNICAL);

export const badOption = (name: string): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Invalid query option specified '${name}'`);

export const badOptionValue = (name: string, value: string): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Invalid value '${value.slice(0, 60)}' specified for system query option '${name}'`);

export const badKey = (position: string): SapRefusal =>
  new SapRefusal(400, BAD_PARAMETER, `Invalid key predicate '${position.slice(0, 80)}'`);

export const badParameter = (name: string): SapRefusal =>
  new SapRefusal(400, BAD_PARAMETER, `Invalid Function Import Parameter '${name}'`);

export const badSkipToken = (): SapRefusal => new SapRefusal(400, BAD_OPTION, 'The skip token is invalid or has expired');

export const notImplemented = (set: string, operation: string): SapRefusal =>
  refusal(
    501,
    '/IWBEP/CM_MGW_RT/021',
    `Method '${set.toUpperCase()}_${operation}' not implemented in data provider class`,
    TECHNICAL,
  );

export const notAllowed = (what: 'Creating' | 'Updating' | 'Deleting'): SapRefusal =>
  refusal(405, 'SADL_ENTITY_RUNTIME/011', `${what} operations are disabled`, BUSINESS);

export const wrongMethod = (method: string): SapRefusal =>
  new SapRefusal(405, BAD_OPTION, `The HTTP method '${method}' is not allowed for this resource`);

export const noIfMatch = (): SapRefusal =>
  refusal(428, 'SADL_ENTITY_RUNTIME/004', 'The request requires an If-Match header with the current ETag', BUSINESS);

export const staleEtag = (): SapRefusal =>
  refusal(412, 'SADL_ENTITY_RUNTIME/005', 'The data was changed by another user: the ETag is no longer valid', BUSINESS);

export const badBody = (detail: string): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Error while parsing the request body: ${detail}`);

/** What is sent is of the wrong kind altogether: a number where the wire has a string. */
export const unreadable = (name: string, offset: number): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Failed to read property '${name}' at offset '${offset}'`);

export const badValue = (name: string, value: string, offset: number): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Property '${name}' at offset '${offset}' has invalid value '${value.slice(0, 60)}'`);

export const unknownProperty = (name: string, offset: number): SapRefusal =>
  new SapRefusal(400, BAD_OPTION, `Property '${name}' is invalid at offset '${offset}'`);

export const wrongContentType = (type: string): SapRefusal =>
  new SapRefusal(415, BAD_OPTION, `The content type '${type.slice(0, 60)}' is not supported`);

export const malformedBatch = (detail: string): SapRefusal =>
  new SapRefusal(400, '/IWFND/CM_BEC/014', `The Data Services Request is malformed: ${detail}`);

export const noService = (name: string, version: string): SapRefusal =>
  new SapRefusal(403, '/IWFND/MED/170', `No service found for namespace '', name '${name}', version '${version}'`);

export const noAuthorization = (name: string): SapRefusal =>
  new SapRefusal(403, '/IWFND/CM_CONSUMER/101', `No authorization to access Service '${name}'`);
