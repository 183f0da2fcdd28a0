import { type Avp, decodeAvps, encodeAvps } from '../l2tp/avp.ts';
import { type ControlPacket, encodeControlPacket } from '../l2tp/header.ts';
import { encodeMessage } from '../l2tp/message.ts';
import { byClient, either, firstTime, plain, stops } from './define.ts';
import { at, type Impairment, type L2tpLeaving, type Leaving, unchanged } from './impairment.ts';

/* Control messages that break the rules of RFC 2661 4 and 5. */

const hello = encodeMessage('HELLO', []);

/** More than any window of the field: the largest that a Receive Window Size is ever given. */
const beyondAnyWindow = 512;

/** HELLOs numbered beyond the receiver's window, which none of the real messages will ever be. */
function beyondTheWindow(packet: ControlPacket): Leaving[] {
  return [0, 1, 2, 3].map((more) => {
    const ns = (packet.ns + beyondAnyWindow + more) & 0xffff;
    return at(encodeControlPacket({ ...packet, sessionId: 0, ns, body: hello }));
  });
}

const unknownMandatory: Avp = {
  mandatory: true,
  hidden: false,
  reserved: false,
  vendorId: 0,
  type: 0xfde8,
  value: new Uint8Array(4),
};

function withUnknownAvp(leaving: L2tpLeaving): readonly Leaving[] {
  if (leaving.kind !== 'control') return unchanged(leaving);
  const avps = decodeAvps(leaving.packet.body);
  const isStart = leaving.message?.name === 'SCCRQ' || leaving.message?.name === 'SCCRP';
  if (!isStart || !avps.ok) return unchanged(leaving);
  return [
    at(encodeControlPacket({ ...leaving.packet, body: encodeAvps([...avps.value, unknownMandatory]) })),
  ];
}

export const l2tpControl: readonly Impairment[] = [
  plain({
    name: 'l2tp-window-violation',
    reason:
      'A peer that ignores the Receive Window Size and sends ahead of it, or a stranger who guesses numbers.',
    playedBy: either,
    reaction: {
      kind: 'drops',
      drop: 'unexpected',
      words:
        'keeps nothing that lies beyond its window, and takes the real messages in their order (RFC 2661 5.8)',
    },
    begin: () => {
      const isFirst = firstTime();
      return {
        l2tp: (leaving) => {
          const name = leaving.kind === 'control' ? leaving.message?.name : undefined;
          const isMeant = name === 'ICRQ' || name === 'ICRP';
          return leaving.kind === 'control' && isMeant && isFirst(name)
            ? [...beyondTheWindow(leaving.packet), at(leaving.octets)]
            : unchanged(leaving);
        },
      };
    },
  }),
  plain({
    name: 'l2tp-out-of-order',
    reason:
      'The first PPP frames overtake the ICCN: two queues in one gateway, one for control and one for data.',
    playedBy: byClient,
    reaction: {
      kind: 'recovers',
      drop: 'unexpected',
      words: 'drops frames of a call that is not connected yet, and PPP asks again (RFC 2661 5.2, 5.3)',
    },
    begin: () => {
      let held: readonly Leaving[] = [];
      const isFirst = firstTime();
      return {
        l2tp: (leaving) => {
          if (leaving.kind === 'control' && leaving.message?.name === 'ICCN' && isFirst('ICCN')) {
            held = unchanged(leaving);
            return [];
          }
          const late = held;
          held = [];
          return [...unchanged(leaving), ...late];
        },
      };
    },
  }),
  plain({
    name: 'l2tp-unknown-mandatory-avp',
    reason:
      'A vendor extension marked mandatory in SCCRQ or SCCRP: the receiver must not go on as if it were not there.',
    playedBy: either,
    reaction: stops(
      'l2tp-tunnel',
      'no-policy',
      'ends the tunnel with StopCCN, result 2 and error 8 (RFC 2661 4.1, 4.4.2)',
    ),
    begin: () => ({ l2tp: withUnknownAvp }),
  }),
  plain({
    name: 'l2tp-wrong-tunnel-id',
    reason:
      'A peer that mixes up its own tunnel id and the other, or a datagram of a tunnel from before a restart.',
    playedBy: byClient,
    reaction: {
      kind: 'recovers',
      drop: 'unexpected',
      words: 'drops a message for a tunnel that it does not have, and takes the repetition',
    },
    begin: () => {
      const isFirst = firstTime();
      return {
        l2tp: (leaving) => {
          if (leaving.kind !== 'control' || leaving.message?.name !== 'SCCCN' || !isFirst('SCCCN')) {
            return unchanged(leaving);
          }
          const tunnelId = leaving.packet.tunnelId ^ 0x5555;
          return [at(encodeControlPacket({ ...leaving.packet, tunnelId }))];
        },
      };
    },
  }),
];
