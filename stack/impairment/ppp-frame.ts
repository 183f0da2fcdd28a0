import { encodeDataPacket } from '../l2tp/header.ts';
import { concat, uint16 } from '../octets.ts';
import { decodeFrame, encodeFrame, PppProtocol } from '../ppp/frame.ts';
import { decodePacket, encodePacket, type Packet, PacketCode } from '../ppp/packet.ts';
import { byClient, plain, stops } from './define.ts';
import {
  at,
  type Behaviour,
  type Impairment,
  type L2tpLeaving,
  type Leaving,
  unchanged,
} from './impairment.ts';

/* PPP that does not do what RFC 1661 and RFC 1994 ask of it. */

/** The protocol of the PPP frame in a data message, and its packet where it is one of a control protocol. */
export function pppIn(
  leaving: L2tpLeaving,
): { readonly protocol: number; readonly packet: Packet | undefined } | undefined {
  if (leaving.kind !== 'data') return undefined;
  const frame = decodeFrame(leaving.packet.body);
  if (!frame.ok) return undefined;
  const packet = decodePacket(frame.value.information);
  return { protocol: frame.value.protocol, packet: packet.ok ? packet.value : undefined };
}

/** Another packet in place of each of this protocol; none where `change` gives none. */
function inProtocol(protocol: number, change: (packet: Packet) => Packet | undefined): Behaviour {
  return {
    l2tp: (leaving): readonly Leaving[] => {
      const found = pppIn(leaving);
      if (leaving.kind !== 'data' || found?.packet === undefined || found.protocol !== protocol) {
        return unchanged(leaving);
      }
      const packet = change(found.packet);
      if (packet === found.packet) return unchanged(leaving);
      if (packet === undefined) return [];
      const body = encodeFrame(protocol, encodePacket(packet));
      return [at(encodeDataPacket({ ...leaving.packet, body }))];
    },
  };
}

const magicNumberOption = 5;

/** The value of an option among those of a configure packet (RFC 1661 6). */
function optionIn(data: Uint8Array, wanted: number): Uint8Array | undefined {
  for (let offset = 0; offset + 2 <= data.length; ) {
    const [type, length = 0] = data.subarray(offset, offset + 2);
    if (length < 2) return undefined;
    if (type === wanted) return data.subarray(offset + 2, offset + length);
    offset += length;
  }
  return undefined;
}

const lcpLoop = { mruOption: 1, leastMru: 128, mostMru: 1500 };

export const pppFrame: readonly Impairment[] = [
  plain({
    name: 'ppp-bad-magic',
    reason:
      "A looped link: Echo-Replies carry the asker's own magic number, as if it spoke to itself (RFC 1661 6.4).",
    playedBy: byClient,
    reaction: {
      kind: 'gives-up',
      words:
        'does not take such replies for an answer, and ends the link after as many as it was told to allow',
    },
    begin: () => {
      let peerMagic: Uint8Array | undefined;
      return inProtocol(PppProtocol.lcp, (packet) => {
        if (packet.code === PacketCode.configureAck)
          peerMagic = optionIn(packet.data, magicNumberOption)?.slice();
        if (packet.code !== PacketCode.echoReply || peerMagic === undefined) return packet;
        return { ...packet, data: concat(peerMagic, packet.data.subarray(4)) };
      });
    },
  }),
  plain({
    name: 'ppp-echo-silent',
    reason: 'A client that is gone, or a firewall that forgot it, with everything below still in place.',
    playedBy: byClient,
    reaction: {
      kind: 'gives-up',
      words: 'ends the link after as many unanswered Echo-Requests as it was told to allow (RFC 1661 5.8)',
    },
    begin: () =>
      inProtocol(PppProtocol.lcp, (packet) => (packet.code === PacketCode.echoReply ? undefined : packet)),
  }),
  plain({
    name: 'ppp-config-loop',
    reason: 'A peer that is never content: it answers each Configure-Request with a Nak for another MRU.',
    playedBy: ['responder', 'client'],
    reaction: stops(
      'ppp-lcp',
      'ppp-refused',
      'gives up once it has asked as often as it is willing to (RFC 1661 4.6, Max-Failure)',
    ),
    begin: () => {
      let mru = lcpLoop.leastMru;
      return inProtocol(PppProtocol.lcp, (packet) => {
        if (packet.code !== PacketCode.configureAck) return packet;
        mru = mru >= lcpLoop.mostMru ? lcpLoop.leastMru : mru + 1;
        const data = concat(Uint8Array.of(lcpLoop.mruOption, 4), uint16(mru));
        return { code: PacketCode.configureNak, identifier: packet.identifier, data };
      });
    },
  }),
  plain({
    name: 'wrong-chap-response',
    reason:
      'A user who mistypes, or somebody who guesses: the Response to the Challenge does not fit (RFC 1994 4.1).',
    playedBy: byClient,
    reaction: stops('ppp-auth', 'ppp-auth-failed', 'answers Failure, and terminates the link'),
    begin: () =>
      inProtocol(PppProtocol.chap, (packet) => {
        const response = 2;
        if (packet.code !== response) return packet;
        // Value-Size, then the value: its first octet changes.
        return { ...packet, data: packet.data.map((octet, index) => (index === 1 ? octet ^ 0xff : octet)) };
      }),
  }),
];
