import { type Decoded, type DecodeError, decoded, malformed } from '../decode.ts';
import { attribute, attributeOf } from './attribute.ts';
import { type Avp, decodeAvps, encodeAvps } from './avp.ts';
import { revealValue } from './hiding.ts';

/** RFC 2661 3.2: the names are the protocol's own abbreviations. */
const MessageType = {
  SCCRQ: 1,
  SCCRP: 2,
  SCCCN: 3,
  StopCCN: 4,
  HELLO: 6,
  OCRQ: 7,
  OCRP: 8,
  OCCN: 9,
  ICRQ: 10,
  ICRP: 11,
  ICCN: 12,
  CDN: 14,
  WEN: 15,
  SLI: 16,
} as const;

export type MessageName = keyof typeof MessageType;

const nameOfType = new Map<number, MessageName>(
  Object.entries(MessageType).map(([name, type]) => [type, name as MessageName]),
);

/** RFC 2661 4.4.2, those that this stack sends for a message it cannot accept. */
export const ErrorCode = {
  badLength: 2,
  badValue: 3,
  noResources: 4,
  badSessionId: 5,
  unknownMandatoryAvp: 8,
} as const;

/** Why a message cannot be accepted: its tunnel or session has to go (RFC 2661 4.2). */
export interface Objection {
  readonly errorCode: number;
  /** Names the AVP, as RFC 2661 4.4.2 asks of error 8. */
  readonly detail: string;
}

export interface ControlMessage {
  readonly name: MessageName | undefined;
  readonly type: number;
  /** RFC 2661 4.4.1: an unknown type with the M bit clears the tunnel, without it is ignored. */
  readonly mandatory: boolean;
  /** Message Type left out. AVPs that are unknown or malformed and not mandatory are not here. */
  readonly avps: readonly Avp[];
  /** The first mandatory AVP that cannot be taken. */
  readonly objection?: Objection;
}

const nameOf = (avp: Avp) => attributeOf(avp)?.name ?? `type ${avp.type} of vendor ${avp.vendorId}`;

function unknown(avp: Avp, what: string): Objection {
  return { errorCode: ErrorCode.unknownMandatoryAvp, detail: `${what} mandatory AVP: ${nameOf(avp)}` };
}

/** The AVP with its value in the clear, or why that cannot be had (RFC 2661 4.3). */
function reveal(avp: Avp, secret: string | undefined, randomVector: Uint8Array | undefined): Avp | Objection {
  if (!attributeOf(avp)?.hideable) {
    return { errorCode: ErrorCode.badValue, detail: `AVP that may not be hidden: ${nameOf(avp)}` };
  }
  if (secret === undefined) return unknown(avp, 'hidden');
  if (randomVector === undefined) {
    return { errorCode: ErrorCode.badValue, detail: `hidden AVP without a Random Vector: ${nameOf(avp)}` };
  }
  const value = revealValue(avp.type, secret, randomVector, avp.value);
  if (value !== undefined) return { ...avp, hidden: false, value };
  return {
    errorCode: ErrorCode.badLength,
    detail: `hidden AVP that the secret does not open: ${nameOf(avp)}`,
  };
}

function taken(avp: Avp, secret: string | undefined, randomVector: Uint8Array | undefined): Avp | Objection {
  const known = attributeOf(avp);
  if (known === undefined) return unknown(avp, 'unknown');
  const clear = avp.hidden ? reveal(avp, secret, randomVector) : avp;
  if ('errorCode' in clear || known.wellFormed(clear)) return clear;
  return { errorCode: ErrorCode.badLength, detail: `malformed AVP: ${known.name}` };
}

/**
 * Reads the body of a control message that is no ZLB.
 *
 * @param secret opens hidden AVPs; without it they are not recognised
 */
export function decodeMessage(body: Uint8Array, secret?: string): Decoded<ControlMessage> {
  const all = decodeAvps(body);
  if (!all.ok) return all;
  const [first, ...rest] = all.value;
  const type = first === undefined ? undefined : attribute.messageType.in([first]);
  if (first === undefined || type === undefined) {
    return malformed('bad-value', 'Message Type', 0, 'the first AVP must be a Message Type (RFC 2661 4.4.1)');
  }
  const avps: Avp[] = [];
  let objection: Objection | undefined;
  let randomVector: Uint8Array | undefined;
  for (const avp of rest) {
    randomVector = attribute.randomVector.in([avp]) ?? randomVector;
    const clear = taken(avp, secret, randomVector);
    if (!('errorCode' in clear)) avps.push(clear);
    else if (avp.mandatory) objection ??= clear;
  }
  const message = { name: nameOfType.get(type), type, mandatory: first.mandatory, avps };
  return decoded(objection === undefined ? message : { ...message, objection });
}

/** What a message of a type that is mandatory and unknown is to its tunnel (RFC 2661 4.4.1). */
export function unknownMessage(type: number): Objection {
  return { errorCode: ErrorCode.badValue, detail: `unknown control message ${type}` };
}

/** What a body that does not decode is to its tunnel, which it clears (RFC 2661 7.1). */
export function unreadable({ code, field, detail }: DecodeError): ControlMessage {
  const errorCode = code === 'bad-value' ? ErrorCode.badValue : ErrorCode.badLength;
  return {
    name: undefined,
    type: 0,
    mandatory: true,
    avps: [],
    objection: { errorCode, detail: `${field}: ${detail}` },
  };
}

/** The body of a control message: Message Type first, then `avps` in the order given. */
export function encodeMessage(name: MessageName, avps: readonly Avp[]): Uint8Array {
  return encodeAvps([attribute.messageType.avp(MessageType[name]), ...avps]);
}
