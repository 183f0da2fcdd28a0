import type { Fact } from '../fact.ts';
import type { ResultCode } from './attribute-format.ts';

/** RFC 2661 4.4.2, the Result Codes of StopCCN. */
export const StopResult = {
  generalRequest: 1,
  generalError: 2,
  notAuthorized: 4,
  protocolVersion: 5,
  stateMachineError: 7,
} as const;

/** RFC 2661 4.4.2, the Result Codes of CDN. */
export const CallResult = {
  generalError: 2,
  administrative: 3,
  noFacilitiesNow: 4,
  noFacilitiesEver: 5,
  notInTime: 10,
} as const;

const stopTexts = [
  'reserved',
  'general request to clear the control connection',
  'general error',
  'control channel already exists',
  'not authorized to establish a control channel',
  'protocol version not supported',
  'requester is being shut down',
  'finite state machine error',
];

const callTexts = [
  'reserved',
  'loss of carrier',
  'general error',
  'administrative reasons',
  'no facilities available (temporary)',
  'no facilities available (permanent)',
  'invalid destination',
  'no carrier detected',
  'busy signal',
  'no dial tone',
  'not established within the time allotted by the LAC',
  'no appropriate framing detected',
];

const errorTexts = [
  'no general error',
  'no control connection exists',
  'length is wrong',
  'field value out of range',
  'insufficient resources',
  'session id invalid',
  'vendor-specific error',
  'try another',
  'unknown mandatory AVP',
];

/** Says a StopCCN's or CDN's Result Code AVP in words, with its numbers. */
export function resultText(message: 'StopCCN' | 'CDN', code: ResultCode | undefined): string {
  if (code === undefined) return `${message} without result code`;
  const texts = message === 'StopCCN' ? stopTexts : callTexts;
  const parts = [`${message} result ${code.result} (${texts[code.result] ?? 'unknown'})`];
  if (code.error !== undefined && code.error !== 0) {
    parts.push(`error ${code.error} (${errorTexts[code.error] ?? 'unknown'})`);
  }
  if (code.message) parts.push(JSON.stringify(code.message));
  return parts.join(', ');
}

/** The fact of a StopCCN or CDN; `code` is absent where its Result Code is missing or malformed. */
export function endedFact(
  direction: 'sent' | 'received',
  message: 'StopCCN' | 'CDN',
  code: ResultCode | undefined,
): Fact {
  const { result, error, message: text } = code ?? {};
  return {
    fact: 'l2tp-ended',
    direction,
    message,
    ...(result !== undefined && { result }),
    ...(error !== undefined && { error }),
    ...(text !== undefined && { text }),
    detail: resultText(message, code),
  };
}
