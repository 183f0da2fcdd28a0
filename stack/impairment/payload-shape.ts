import { isakmpHeaderLength } from '../isakmp/header.ts';
import type { Payload } from '../isakmp/payload.ts';
import { readUint, uint16 } from '../octets.ts';
import { isKeyExchange, withPayloads } from './clear-message.ts';
import { either, plain, stops } from './define.ts';
import { at, type Behaviour, type Impairment, type Reaction, unchanged } from './impairment.ts';

/* Payloads of main mode 3 or 4 that are not what RFC 2408 3.2 and RFC 2409 5 say they must be. */

function inKeyExchange(change: (payloads: readonly Payload[]) => readonly Payload[]): () => Behaviour {
  return () => ({
    ike: (leaving) => (isKeyExchange(leaving) ? withPayloads(leaving, change) : unchanged(leaving)),
  });
}

/** Another nonce of that many octets in place of the sender's. */
function nonceOf(length: number): () => Behaviour {
  return inKeyExchange((payloads) =>
    payloads.map((payload) =>
      payload.payload === 'nonce' ? { ...payload, data: new Uint8Array(length).fill(0x5a) } : payload,
    ),
  );
}

/** Changes octets of the first payload's generic header, which stands behind the ISAKMP header. */
function inFirstHeader(change: (octets: Uint8Array, start: number) => void): () => Behaviour {
  return () => ({
    ike: (leaving) => {
      if (!isKeyExchange(leaving)) return unchanged(leaving);
      const octets = leaving.octets.slice();
      change(octets, isakmpHeaderLength);
      return [at(octets)];
    },
  });
}

const dropsIt = (words: string): Reaction => stops('phase1', 'no-answer', words, { drop: 'malformed' });

export const payloadShape: readonly Impairment[] = [
  plain({
    name: 'truncated-payload',
    reason:
      'A nonce of 3 octets where 8 are the least (RFC 2409 5): what a careless peer reads beyond its end.',
    playedBy: either,
    reaction: dropsIt('drops the message as malformed and waits for a better one'),
    begin: nonceOf(3),
  }),
  plain({
    name: 'over-long-payload',
    reason:
      'A nonce of 300 octets where 256 are the most (RFC 2409 5): what overflows a buffer of fixed size.',
    playedBy: either,
    reaction: dropsIt('drops the message as malformed and waits for a better one'),
    begin: nonceOf(300),
  }),
  plain({
    name: 'payload-length-lies',
    reason:
      'A payload that says it is longer than the datagram: the oldest way to make a parser read what is not there.',
    playedBy: either,
    reaction: dropsIt(
      'believes the datagram, drops the message as malformed and reads nothing beyond its end',
    ),
    begin: inFirstHeader((octets, start) =>
      octets.set(uint16(readUint(octets, start + 2, 2) + 4096), start + 2),
    ),
  }),
  plain({
    name: 'reserved-not-zero',
    reason: 'A sender that leaves garbage in RESERVED, or a message that was decrypted with the wrong key.',
    playedBy: either,
    reaction: dropsIt('discards the message: RFC 2408 5.3 has the receiver verify that RESERVED is zero'),
    begin: inFirstHeader((octets, start) => {
      octets[start + 1] = 0xff;
    }),
  }),
  plain({
    name: 'unknown-payload',
    reason: 'A newer or private extension: a payload of a type from the private range (RFC 2408 3.1).',
    playedBy: either,
    reaction: { kind: 'ignores', words: 'passes over the payload that it does not know, and connects' },
    begin: inKeyExchange((payloads) => [
      ...payloads,
      { payload: 'other', number: 200, data: new Uint8Array(16).fill(0xc8) },
    ]),
  }),
];
