import { udpAddressText } from '../address.ts';
import type { Instant } from '../engine.ts';
import { dropped, type Fact, onPath } from '../fact.ts';
import { decodeFragment } from '../isakmp/fragment.ts';
import { decodeHeader, type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { decodePayloadChain, genericHeaderLength } from '../isakmp/payload-chain.ts';
import { PayloadType } from '../isakmp/payload-type.ts';
import { equalOctets, hex } from '../octets.ts';
import type { IkeEffect } from './effect.ts';
import { FragmentAssembly } from './fragment-assembly.ts';
import { fragments, isTooLarge } from './fragmentation.ts';
import type { ReceivedDatagram } from './received.ts';
import type { IkeState } from './sa-table.ts';

type SentMessage = Extract<Fact, { fact: 'ike-message' }>;

/** The messages that carry an ID payload (RFC 2409 5.4, 5.5). */
const withIdentity: Readonly<Partial<Record<SentMessage['exchange'], readonly number[]>>> = {
  'main-mode': [5, 6],
  'aggressive-mode': [1, 2],
  'quick-mode': [1, 2],
};

interface Assembled {
  /** The message, once it is whole. */
  readonly whole?: { readonly octets: Uint8Array; readonly header: IsakmpHeader };
  readonly effects: IkeEffect[];
}

/** Vendor fragmentation of one engine, between the wire and its exchanges, which know nothing of it. */
export class Fragmenter {
  readonly #state: IkeState;
  readonly #assembly = new FragmentAssembly();
  /** Counts the messages that were cut ([MS-IKEE] 3.3.6.1). */
  #id = 0;

  constructor(state: IkeState) {
    this.#state = state;
  }

  /** The same effects, with messages cut that are too large for a peer which can put them together. */
  cut(effects: IkeEffect[]): IkeEffect[] {
    const { fragmentation } = this.#state.config;
    if (fragmentation === undefined) return effects;
    const { maximumOctets, which } = fragmentation;
    let told: SentMessage | undefined;
    return effects.flatMap((effect): IkeEffect[] => {
      if (effect.effect === 'fact' && effect.fact.fact === 'ike-message') told = effect.fact;
      if (effect.effect !== 'send-ike') return [effect];
      const { message, local } = effect;
      if (!isTooLarge(message, local.port, maximumOctets) || !this.#peerAssembles(message)) return [effect];
      if (which === 'identity-when-repeated' && !isRepeatedIdentity(told)) return [effect];
      this.#id = (this.#id % 0xffff) + 1;
      return fragments(message, this.#id, local.port, maximumOctets).map((part) => ({
        ...effect,
        message: part,
      }));
    });
  }

  /**
   * Takes a message that begins with a Fragment payload. Fragments under cookies of no SA are dropped: a
   * stranger costs nothing.
   */
  assemble({ ends, octets }: ReceivedDatagram, header: IsakmpHeader, now: Instant): Assembled {
    const { config, table } = this.#state;
    if (config.fragmentation === undefined) return refused('a fragment, which was not asked for');
    const sa = table.find(header) ?? table.findAwaitingMessage2(header.initiatorCookie);
    if (sa === undefined) return refused('a fragment under unknown cookies');
    const chain = decodePayloadChain(octets, header.nextPayload, isakmpHeaderLength, 'Payload');
    const [only, ...more] = chain.ok ? chain.value : [];
    const fragment = only && decodeFragment(only.body, isakmpHeaderLength + genericHeaderLength);
    if (!fragment?.ok || more.length > 0) return refused('a fragment that is none, or is not alone');
    const { initiatorCookie, responderCookie } = header;
    const from = `${hex(initiatorCookie)} ${hex(responderCookie)} ${udpAddressText(ends.peer)}`;
    const { message, dropped: detail } = this.#assembly.add(from, fragment.value, now);
    const effects = onPath<IkeEffect>(sa.path, detail === undefined ? [] : dropped('malformed', detail));
    if (message === undefined) return { effects };
    const whole = decodeHeader(message);
    const own =
      whole.ok &&
      whole.value.nextPayload !== PayloadType.fragment &&
      equalOctets(whole.value.initiatorCookie, initiatorCookie);
    if (own) return { whole: { octets: message, header: whole.value }, effects };
    return onPathOf(sa.path, refused('fragments that make no message of this SA'));
  }

  #peerAssembles(message: Uint8Array): boolean {
    const header = decodeHeader(message);
    return header.ok && this.#state.table.find(header.value)?.peerAssembles === true;
  }
}

function isRepeatedIdentity(told: SentMessage | undefined): boolean {
  if (told === undefined || told.transmission < 2) return false;
  return withIdentity[told.exchange]?.includes(told.message) ?? false;
}

function refused(detail: string): Assembled {
  return { effects: dropped('malformed', detail) };
}

function onPathOf(path: string, { effects }: Assembled): Assembled {
  return { effects: onPath(path, effects) };
}
