import { integrityShapes } from '../esp/algorithms.ts';
import { createNodeCrypto } from '../esp/node-crypto.ts';
import { readUint, uint32 } from '../octets.ts';
import { byClient, chosen, either, plain, wholeNumber } from './define.ts';
import type { EspLeaving, Impairment } from './impairment.ts';

/* Packets of an SA that are not what their receiver may take (RFC 4303 3.4). */

const sequenceAt = 4;
const nextHeaderLength = 1;

/** The packet, its octets changed between decryption and encryption, and an ICV that holds. */
function resealed(
  { octets, sa }: EspLeaving,
  change: (packet: Uint8Array, length: number) => void,
): Uint8Array {
  const crypto = createNodeCrypto(sa);
  const packet = octets.slice();
  const length = packet.length - integrityShapes[sa.algorithms.integrity].icvLength;
  crypto.open(packet, 0, length, 0);
  change(packet, length);
  crypto.seal(packet, 0, length, 0);
  return packet;
}

/** Says more padding than there is, and none of it counts 1, 2, 3 (RFC 4303 2.4). */
function padBadly(packet: Uint8Array, length: number): void {
  packet[length - nextHeaderLength - 1] = 0xff;
}

/** Counts the packets of each SA from 1. */
function counting(): (leaving: EspLeaving) => number {
  const counts = new Map<number, number>();
  return ({ sa: { spi } }) => {
    const number = (counts.get(spi) ?? 0) + 1;
    counts.set(spi, number);
    return number;
  };
}

const packet = wholeNumber('packet', 1, 1000, 2);

/** One packet of the SA is spoilt; L2TP inside repeats what was in it. */
function spoiltOnce(
  written: Pick<Impairment, 'name' | 'reason'> & {
    readonly drop: 'bad-icv' | 'bad-padding';
    readonly words: string;
  },
  spoil: (leaving: EspLeaving) => Uint8Array,
): Impairment {
  const { name, reason, drop, words } = written;
  return {
    name,
    parameters: [packet],
    reason,
    playedBy: () => ['client', 'responder'],
    reaction: () => ({ kind: 'recovers', drop, words }),
    examples: [name, `${name}:1`],
    begin: (values) => {
      const count = counting();
      const meant = Number(chosen(values, 'packet'));
      return { esp: (leaving) => [count(leaving) === meant ? spoil(leaving) : leaving.octets] };
    },
  };
}

/** How far ahead a sender's counter jumps: beyond any replay window (RFC 4303 3.4.3). */
const jump = 100_000;

export const espPacket: readonly Impairment[] = [
  spoiltOnce(
    {
      name: 'bad-padding',
      drop: 'bad-padding',
      reason: 'A peer that pads with other octets than 1, 2, 3: what a receiver that inspects them refuses.',
      words: 'drops the packet, whose ICV holds, and takes the repetition of what was inside (RFC 4303 2.4)',
    },
    (leaving) => resealed(leaving, padBadly),
  ),
  spoiltOnce(
    {
      name: 'bad-icv',
      drop: 'bad-icv',
      reason: 'A bit that changed on the way, or a forger without the key.',
      words:
        'drops the packet, neither decrypts it nor moves its window, and takes the repetition (RFC 4303 3.4.4)',
    },
    ({ octets }) => octets.map((octet, index) => (index === octets.length - 1 ? octet ^ 1 : octet)),
  ),
  plain({
    name: 'replayed-esp',
    reason: 'An attacker who sends recorded packets again, or a network that delivers twice.',
    playedBy: either,
    reaction: { kind: 'drops', drop: 'replayed', words: 'takes each sequence number once (RFC 4303 3.4.3)' },
    begin: () => ({ esp: ({ octets }) => [octets, octets] }),
  }),
  plain({
    name: 'stale-esp-sequence',
    reason:
      'Two halves of a cluster that count apart: the numbers jump ahead, and one packet comes with an old one.',
    playedBy: byClient,
    reaction: {
      kind: 'recovers',
      drop: 'replayed',
      words: 'drops what lies left of its window, and takes gaps as they are (RFC 4303 3.4.3)',
    },
    begin: () => {
      const count = counting();
      return {
        esp: (leaving) => {
          const number = count(leaving);
          if (number === 1 || number === 3) return [leaving.octets];
          return [
            resealed(leaving, (octets) =>
              octets.set(uint32(readUint(octets, sequenceAt, 4) + jump), sequenceAt),
            ),
          ];
        },
      };
    },
  }),
];
