import { cbcShapes } from '../cbc.ts';
import { type Decoded, decoded, malformed } from '../decode.ts';
import { encodeHeader, type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { decodePayloads, type HeaderStart, type ReceivedPayload } from '../isakmp/message.ts';
import { encodePayload, type Payload } from '../isakmp/payload.ts';
import { encodePayloadChain } from '../isakmp/payload-chain.ts';
import { PayloadType } from '../isakmp/payload-type.ts';
import { concat, sameSecret, uint32 } from '../octets.ts';
import { decryptCbc, encryptCbc } from './cipher.ts';
import type { Phase1Keys } from './phase1-keys.ts';
import { prf } from './prf.ts';
import type { IkeTamper } from './tamper.ts';

/** An encrypted message, and its last block: the IV of the message that answers it (RFC 2409 appendix B). */
export interface Sealed {
  readonly octets: Uint8Array;
  readonly lastBlock: Uint8Array;
}

export interface Opened {
  readonly payloads: readonly ReceivedPayload[];
  /** The decrypted octets that the payloads were read from, padding included. */
  readonly plain: Uint8Array;
  readonly lastBlock: Uint8Array;
}

/** Encrypts everything behind the header, padded with zeros to whole blocks (RFC 2409 appendix B). */
export function sealMessage(
  keys: Phase1Keys,
  iv: Uint8Array,
  { commit = false, ...start }: Omit<HeaderStart, 'flags'> & { readonly commit?: boolean },
  payloads: readonly Payload[],
  tamper?: IkeTamper,
): Sealed {
  const { blockLength } = cbcShapes[keys.encryption];
  const generic = (tamper?.sealing({ keys, iv, start }, payloads) ?? payloads).map(encodePayload);
  const chain = encodePayloadChain(generic);
  const padding = new Uint8Array((blockLength - (chain.length % blockLength)) % blockLength);
  const body = encryptCbc(keys.encryption, keys.encryptionKey, iv, concat(chain, padding));
  const header = encodeHeader({
    ...start,
    flags: { encryption: true, commit, authenticationOnly: false },
    nextPayload: generic[0]?.type ?? PayloadType.none,
    length: isakmpHeaderLength + body.length,
  });
  return { octets: concat(header, body), lastBlock: body.slice(-blockLength) };
}

/** Decrypts a message and reads its payloads. With a wrong key or IV this fails, or gives payloads that no hash vouches for. */
export function openMessage(
  keys: Phase1Keys,
  iv: Uint8Array,
  header: IsakmpHeader,
  octets: Uint8Array,
): Decoded<Opened> {
  const { blockLength } = cbcShapes[keys.encryption];
  const body = octets.subarray(isakmpHeaderLength);
  if (body.length === 0 || body.length % blockLength !== 0) {
    const detail = `${body.length} octets are no whole blocks of ${blockLength}`;
    return malformed('bad-length', 'Encrypted Body', isakmpHeaderLength, detail);
  }
  const plain = decryptCbc(keys.encryption, keys.encryptionKey, iv, body);
  const payloads = decodePayloads(plain, header.nextPayload, 0);
  if (!payloads.ok) return payloads;
  return decoded({ payloads: payloads.value, plain, lastBlock: body.slice(-blockLength) });
}

/**
 * Puts HASH before `payloads`: prf(SKEYID_a, M-ID | extra | payloads). This is HASH(1) of quick mode
 * and the hash of informational exchanges with no extra octets, HASH(2) with Ni_b (RFC 2409 5.5, 5.7).
 */
export function withHash(
  keys: Phase1Keys,
  messageId: number,
  extra: Uint8Array,
  payloads: readonly Payload[],
): readonly Payload[] {
  const rest = encodePayloadChain(payloads.map(encodePayload));
  const data = prf(keys.hash, keys.authentication, uint32(messageId), extra, rest);
  return [{ payload: 'hash', data }, ...payloads];
}

/** The payloads behind the leading HASH, or `undefined` where that does not vouch for them. */
export function hashedPayloads(
  keys: Phase1Keys,
  messageId: number,
  extra: Uint8Array,
  { payloads, plain }: Opened,
): readonly ReceivedPayload[] | undefined {
  const [first, ...rest] = payloads;
  if (first?.payload.payload !== 'hash') return undefined;
  const covered = plain.subarray(first.end, rest.at(-1)?.end ?? first.end);
  const expected = prf(keys.hash, keys.authentication, uint32(messageId), extra, covered);
  return sameSecret(first.payload.data, expected) ? rest : undefined;
}

/** HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b) (RFC 2409 5.5). */
export function quickModeHash3(
  keys: Phase1Keys,
  messageId: number,
  initiatorNonce: Uint8Array,
  responderNonce: Uint8Array,
): Uint8Array {
  return prf(
    keys.hash,
    keys.authentication,
    Uint8Array.of(0),
    uint32(messageId),
    initiatorNonce,
    responderNonce,
  );
}
