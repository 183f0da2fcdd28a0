import { type Decoded, decoded } from '../decode.ts';
import { type Delete, decodeDelete, encodeDelete } from './delete.ts';
import { decodeIdentification, encodeIdentification, type Identification } from './identification.ts';
import {
  decodeNatOriginalAddress,
  encodeNatOriginalAddress,
  type NatOriginalAddress,
} from './nat-original-address.ts';
import { decodeNotification, encodeNotification, type Notification } from './notification.ts';
import { type ChainedPayload, type GenericPayload, genericHeaderLength } from './payload-chain.ts';
import { PayloadType } from './payload-type.ts';
import {
  decodeSecurityAssociation,
  encodeSecurityAssociation,
  type SecurityAssociation,
} from './security-association.ts';

/**
 * A payload that has been read. Those whose body is one opaque field (RFC 2408 3.7, 3.11, 3.13,
 * 3.16; RFC 3947 3.2) carry it as `data`. NAT-D and NAT-OA keep the number they came under, since
 * it tells the revision; a type that this stack does not know keeps number and body.
 */
export type Payload =
  | { readonly payload: 'security-association'; readonly sa: SecurityAssociation }
  | { readonly payload: 'key-exchange'; readonly data: Uint8Array }
  | { readonly payload: 'identification'; readonly id: Identification }
  | { readonly payload: 'hash'; readonly data: Uint8Array }
  | { readonly payload: 'nonce'; readonly data: Uint8Array }
  | { readonly payload: 'notification'; readonly notification: Notification }
  | { readonly payload: 'delete'; readonly delete: Delete }
  | { readonly payload: 'vendor-id'; readonly data: Uint8Array }
  | { readonly payload: 'nat-d'; readonly number: number; readonly data: Uint8Array }
  | { readonly payload: 'nat-oa'; readonly number: number; readonly address: NatOriginalAddress }
  | { readonly payload: 'other'; readonly number: number; readonly data: Uint8Array };

export function encodePayload(payload: Payload): GenericPayload {
  switch (payload.payload) {
    case 'security-association':
      return { type: PayloadType.securityAssociation, body: encodeSecurityAssociation(payload.sa) };
    case 'key-exchange':
      return { type: PayloadType.keyExchange, body: payload.data };
    case 'identification':
      return { type: PayloadType.identification, body: encodeIdentification(payload.id) };
    case 'hash':
      return { type: PayloadType.hash, body: payload.data };
    case 'nonce':
      return { type: PayloadType.nonce, body: payload.data };
    case 'notification':
      return { type: PayloadType.notification, body: encodeNotification(payload.notification) };
    case 'delete':
      return { type: PayloadType.delete, body: encodeDelete(payload.delete) };
    case 'vendor-id':
      return { type: PayloadType.vendorId, body: payload.data };
    case 'nat-oa':
      return { type: payload.number, body: encodeNatOriginalAddress(payload.address) };
    case 'nat-d':
    case 'other':
      return { type: payload.number, body: payload.data };
  }
}

export function decodePayload({ type, body, start }: ChainedPayload): Decoded<Payload> {
  const offset = start + genericHeaderLength;
  switch (type) {
    case PayloadType.securityAssociation:
      return map(decodeSecurityAssociation(body, offset), (sa) => ({ payload: 'security-association', sa }));
    case PayloadType.keyExchange:
      return decoded({ payload: 'key-exchange', data: body });
    case PayloadType.identification:
      return map(decodeIdentification(body, offset), (id) => ({ payload: 'identification', id }));
    case PayloadType.hash:
      return decoded({ payload: 'hash', data: body });
    case PayloadType.nonce:
      return decoded({ payload: 'nonce', data: body });
    case PayloadType.notification:
      return map(decodeNotification(body, offset), (notification) => ({
        payload: 'notification',
        notification,
      }));
    case PayloadType.delete:
      return map(decodeDelete(body, offset), (value) => ({ payload: 'delete', delete: value }));
    case PayloadType.vendorId:
      return decoded({ payload: 'vendor-id', data: body });
    case PayloadType.natD:
    case PayloadType.natDTaken:
    case PayloadType.natDDraft:
      return decoded({ payload: 'nat-d', number: type, data: body });
    case PayloadType.natOa:
    case PayloadType.natOaTaken:
    case PayloadType.natOaDraft:
      return map(decodeNatOriginalAddress(body, offset), (address) => ({
        payload: 'nat-oa',
        number: type,
        address,
      }));
    default:
      return decoded({ payload: 'other', number: type, data: body });
  }
}

function map<T>(result: Decoded<T>, into: (value: T) => Payload): Decoded<Payload> {
  return result.ok ? decoded(into(result.value)) : result;
}
