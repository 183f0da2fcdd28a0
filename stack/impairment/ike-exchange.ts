import { clearNotification, deleteEsp } from '../ike/informational.ts';
import { sealMessage, withHash } from '../ike/protection.ts';
import type { Sealing } from '../ike/tamper.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader, noFlags } from '../isakmp/header.ts';
import { ipsecDoi, ProtocolId } from '../isakmp/ipsec-doi.ts';
import { encodeMessage } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { concat, uint32 } from '../octets.ts';
import { byClient, either, firstTime, plain, stops } from './define.ts';
import {
  at,
  type Behaviour,
  type IkeLeaving,
  type Impairment,
  type Leaving,
  unchanged,
} from './impairment.ts';

/* Messages that should not be: forged, repeated, or about what does not exist. */

const nothing = new Uint8Array();
/** Far enough behind the message that it follows to arrive after it. */
const soonMs = 50;

/** Sends `more` shortly after the last message of the first quick mode, made from its first one as it was sealed. */
function afterQuickMode(more: (first: Sealing, payloads: readonly Payload[]) => Uint8Array): () => Behaviour {
  return () => {
    let made: Uint8Array | undefined;
    const isFirst = firstTime();
    return {
      sealing: (message, payloads) => {
        const { exchangeType } = message.start;
        if (exchangeType === ExchangeType.quickMode) made ??= more(message, payloads);
        return payloads;
      },
      ike: ({ exchange, message, octets }) =>
        exchange === 'quick-mode' && message === 3 && made !== undefined && isFirst('quick mode')
          ? [at(octets), at(made, soonMs)]
          : [at(octets)],
    };
  };
}

/** A clear notify and a clear delete of the ISAKMP SA, under the cookies of a message that leaves. */
function forgeries({ octets }: IkeLeaving): Leaving[] {
  const header = decodeHeader(octets);
  if (!header.ok) return [];
  const { initiatorCookie, responderCookie } = header.value;
  const spi = concat(initiatorCookie, responderCookie);
  const start = {
    initiatorCookie,
    responderCookie,
    exchangeType: ExchangeType.informational,
    flags: noFlags,
  };
  const deletion = encodeMessage({ ...start, messageId: 0x0bad_0002 }, [
    { payload: 'delete', delete: { doi: ipsecDoi, protocolId: ProtocolId.isakmp, spis: [spi] } },
  ]);
  return [at(clearNotification(header.value, 0x0bad_0001, 'AUTHENTICATION-FAILED')), at(deletion)];
}

function withOtherSpi(payload: Payload): Payload {
  if (payload.payload !== 'delete' || payload.delete.protocolId !== ProtocolId.esp) return payload;
  return { ...payload, delete: { ...payload.delete, spis: [uint32(0x0bad_0bad)] } };
}

export const ikeExchange: readonly Impairment[] = [
  plain({
    name: 'stale-message-id',
    reason: 'A replay: a delete under the message id of a quick mode that is over, with a hash that holds.',
    playedBy: byClient,
    reaction: { kind: 'drops', drop: 'unexpected', words: 'does not obey under a message id that is spent' },
    begin: afterQuickMode(({ keys, iv, start }) => {
      const { messageId } = start;
      const informational = { ...start, exchangeType: ExchangeType.informational };
      return sealMessage(
        keys,
        iv,
        informational,
        withHash(keys, messageId, nothing, [deleteEsp(0xffff_ffff)]),
      ).octets;
    }),
  }),
  plain({
    name: 'repeated-message-id',
    reason:
      'A peer that draws message ids badly: another quick mode under the message id of one that is over.',
    playedBy: byClient,
    reaction: { kind: 'drops', drop: 'unexpected', words: 'does not begin again what is over' },
    begin: afterQuickMode(({ keys, iv, start }, payloads) => {
      const other = payloads.flatMap((payload): Payload[] => {
        if (payload.payload === 'hash') return [];
        return payload.payload === 'nonce' ? [{ ...payload, data: payload.data.toReversed() }] : [payload];
      });
      return sealMessage(keys, iv, start, withHash(keys, start.messageId, nothing, other)).octets;
    }),
  }),
  plain({
    name: 'wrong-cookie',
    reason:
      'A datagram of another negotiation, or a forger without sight of the wire: the responder cookie is not right.',
    playedBy: byClient,
    reaction: {
      kind: 'recovers',
      drop: 'unexpected',
      words:
        'drops a message under cookies that it does not know, and takes the repetition under the right ones',
    },
    begin: () => {
      const isFirst = firstTime();
      return {
        ike: (leaving) => {
          if (leaving.exchange !== 'main-mode' || leaving.message !== 3 || !isFirst('message 3'))
            return unchanged(leaving);
          const octets = leaving.octets.slice();
          octets.set(
            octets.subarray(8, 16).map((octet) => octet ^ 0xff),
            8,
          );
          return [at(octets)];
        },
      };
    },
  }),
  plain({
    name: 'unprotected-notify',
    reason:
      'A forger who reads the cookies off the wire says in the clear that it is all over: anybody could have sent it.',
    playedBy: either,
    reaction: {
      kind: 'ignores',
      words:
        'believes no notify and obeys no delete in the clear once phase 1 is established (RFC 2408 5.14, 5.15)',
    },
    begin: () => {
      const isFirst = firstTime();
      return {
        ike: (leaving) =>
          leaving.exchange === 'quick-mode' && isFirst('quick mode')
            ? [...forgeries(leaving), at(leaving.octets)]
            : unchanged(leaving),
      };
    },
  }),
  plain({
    name: 'wrong-spi-in-delete',
    reason: 'A peer that deletes by the SPI it sends under, or by one long gone, as clients of the field do.',
    playedBy: byClient,
    reaction: {
      kind: 'ignores',
      words: 'finds no such SA and keeps its own until the ISAKMP SA goes',
    },
    begin: () => ({
      sealing: ({ keys, start: { exchangeType, messageId } }, payloads) => {
        if (exchangeType !== ExchangeType.informational) return payloads;
        const rest = payloads.filter(({ payload }) => payload !== 'hash').map(withOtherSpi);
        return withHash(keys, messageId, nothing, rest);
      },
    }),
  }),
  plain({
    name: 'delete-at-once',
    reason:
      'A gateway whose license or user check fails only after quick mode: it deletes what it has just agreed to.',
    playedBy: ['responder'],
    reaction: stops('esp', 'deleted-by-peer', 'takes the SAs down at once and says who ended it'),
    begin: () => ({ endsAtOnce: true }),
  }),
];
