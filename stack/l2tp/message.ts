import { type Decoded, decoded, malformed } from '../decode.ts';
import { attribute, attributeOf } from './attribute.ts';
import { type Avp, decodeAvps, encodeAvps } from './avp.ts';

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
export const ErrorCode = { badLength: 2, badValue: 3, noResources: 4, unknownMandatoryAvp: 8 } as const;

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

function objectionTo(avp: Avp): Objection | undefined {
  const known = attributeOf(avp);
  const name = known?.name ?? `type ${avp.type} of vendor ${avp.vendorId}`;
  if (known === undefined) {
    return { errorCode: ErrorCode.unknownMandatoryAvp, detail: `unknown mandatory AVP: ${name}` };
  }
  if (avp.hidden) {
    // Unhiding needs the tunnel's shared secret, which this revision does not have (RFC 2661 4.3).
    return { errorCode: ErrorCode.unknownMandatoryAvp, detail: `hidden mandatory AVP: ${name}` };
  }
  if (known.wellFormed(avp)) return undefined;
  return { errorCode: ErrorCode.badLength, detail: `malformed AVP: ${name}` };
}

/** Reads the body of a control message that is no ZLB. */
export function decodeMessage(body: Uint8Array): Decoded<ControlMessage> {
  const all = decodeAvps(body);
  if (!all.ok) return all;
  const [first, ...rest] = all.value;
  const type = first === undefined ? undefined : attribute.messageType.in([first]);
  if (first === undefined || type === undefined) {
    return malformed('bad-value', 'Message Type', 0, 'the first AVP must be a Message Type (RFC 2661 4.4.1)');
  }
  const avps: Avp[] = [];
  let objection: Objection | undefined;
  for (const avp of rest) {
    const against = objectionTo(avp);
    if (against === undefined) avps.push(avp);
    else if (avp.mandatory) objection ??= against;
  }
  const message = { name: nameOfType.get(type), type, mandatory: first.mandatory, avps };
  return decoded(objection === undefined ? message : { ...message, objection });
}

/** The body of a control message: Message Type first, then `avps` in the order given. */
export function encodeMessage(name: MessageName, avps: readonly Avp[]): Uint8Array {
  return encodeAvps([attribute.messageType.avp(MessageType[name]), ...avps]);
}
