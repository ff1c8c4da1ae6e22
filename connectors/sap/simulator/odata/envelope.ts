/** SAP's envelope for errors, in JSON or XML, and the header in which it says what else happened. */
import type { Message, SapRefusal } from '../model.ts';
import { escaped } from './xml.ts';

export interface ErrorOrigin {
  /** Without its version: `API_SALES_ORDER_SRV`. */
  readonly service: string;
  readonly version: string;
  /** 32 hexadecimal digits. */
  readonly transactionId: string;
  readonly at: Date;
}

const NOTE = 'See SAP Note 1797736 for error analysis (https://service.sap.com/sap/support/notes/1797736)';
const BATCH_NOTE =
  'See SAP Note 1869434 for details about working with $batch (https://service.sap.com/sap/support/notes/1869434)';
const TRANSACTION =
  'For backend administrators: use ADT feed reader "SAP Gateway Error Log" or run transaction /IWFND/ERROR_LOG on SAP Gateway hub system';
const NAMESPACE = 'http://schemas.microsoft.com/ado/2007/08/dataservices/metadata';

export function errorJson({ code, message, details }: SapRefusal, { service, version, transactionId, at }: ErrorOrigin): string {
  return JSON.stringify({
    error: {
      code,
      message: { lang: 'en', value: message },
      innererror: {
        application: { component_id: '', service_namespace: '/SAP/', service_id: service, service_version: version },
        transactionid: transactionId,
        timestamp: stampOf(at),
        Error_Resolution: { SAP_Transaction: TRANSACTION, SAP_Note: NOTE, Batch_SAP_Note: BATCH_NOTE },
        errordetails: details.map((detail) => ({
          ContentID: '',
          code: detail.code,
          message: detail.message,
          propertyref: detail.target ?? '',
          severity: detail.severity ?? 'error',
          transition: false,
          target: detail.target ?? '',
        })),
      },
    },
  });
}

export function errorXml({ code, message, details }: SapRefusal, { transactionId, at }: ErrorOrigin): string {
  const listed = details.map(
    (detail) =>
      `<errordetail><ContentID/><code>${escaped(detail.code)}</code><message>${escaped(detail.message)}</message>` +
      `<propertyref>${escaped(detail.target ?? '')}</propertyref><severity>${detail.severity ?? 'error'}</severity>` +
      `<target>${escaped(detail.target ?? '')}</target><transition>false</transition></errordetail>`,
  );
  return [
    `<?xml version="1.0" encoding="utf-8"?><error xmlns="${NAMESPACE}"><code>${escaped(code)}</code>`,
    `<message xml:lang="en">${escaped(message)}</message><innererror><transactionid>${transactionId}</transactionid>`,
    `<timestamp>${stampOf(at)}</timestamp><Error_Resolution><SAP_Note>${NOTE}</SAP_Note></Error_Resolution>`,
    `<errordetails>${listed.join('')}</errordetails></innererror></error>`,
  ].join('');
}

/** `20260131103345.1230000` */
const stampOf = (at: Date): string => `${at.toISOString().replace(/[-:TZ]/g, '')}0000`;

/** The header `sap-message`: the first, with the others as its details. */
export function sapMessage(messages: readonly Message[]): string | null {
  const [first, ...rest] = messages.map(({ code, message, severity, target = '' }) => ({ code, message, severity, target }));
  return first === undefined ? null : headerText(JSON.stringify({ ...first, details: rest }));
}

/** Headers are plain ASCII. */
const headerText = (json: string): string =>
  json.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
