import { earliest } from '../deadline.ts';
import type { EndpointEffect } from '../endpoint/config.ts';
import type { Instant } from '../engine.ts';
import type { IkeConfig } from '../ike/config.ts';
import type { IkeEffect } from '../ike/effect.ts';
import type { L2tpEffect } from '../l2tp/config.ts';
import { decodePacket } from '../l2tp/header.ts';
import { decodeMessage } from '../l2tp/message.ts';
import { readUint } from '../octets.ts';
import type { SaParameters } from '../sa.ts';
import type { Behaviour, End, L2tpLeaving, Leaving } from './impairment.ts';
import { readImpairment } from './read-impairment.ts';

type SendIke = Extract<IkeEffect, { effect: 'send-ike' }>;
type SendL2tp = Extract<L2tpEffect, { effect: 'send-l2tp' }>;

interface Held<Effect> {
  readonly due: Instant;
  readonly effect: Effect;
}

/**
 * Stands at the doors of an endpoint that misbehaves on request, between its engines and what becomes of
 * their effects, and holds back what is to leave later.
 */
export class Tampering {
  readonly #behaviour: Behaviour;
  readonly #outbound = new Map<number, SaParameters>();
  #heldIke: Held<SendIke>[] = [];
  #heldL2tp: Held<SendL2tp>[] = [];
  /** Effects that were held and have passed the door already. */
  readonly #released = new WeakSet<object>();
  /** Of the next ISAKMP message: the fact of a message comes right before it. */
  #label = { exchange: '', message: 0 };

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /** Nothing that arrives is looked at. */
  get deaf(): boolean {
    return this.#behaviour.deaf?.() ?? false;
  }

  /** Why it does not dial at all; `undefined` where it does. */
  get cannotDial(): string | undefined {
    return this.#behaviour.cannotDial;
  }

  /** What the IKE engine is given in place of the endpoint's own settings. */
  ikeConfig<Config extends IkeConfig>(config: Config): IkeConfig {
    const { ikeConfig, sealing } = this.#behaviour;
    return { ...(ikeConfig?.(config) ?? config), ...(sealing && { tamper: { sealing } }) };
  }

  /** What IKE's effects become. `close` takes all of IKE down. */
  fromIke(effects: readonly IkeEffect[], now: Instant, close: () => IkeEffect[]): IkeEffect[] {
    return effects.flatMap((effect): IkeEffect[] => {
      switch (effect.effect) {
        case 'send-ike':
          return this.#sendIke(effect, now);
        case 'send-keepalive':
          return this.deaf ? [] : [effect];
        case 'install-sa':
          this.#outbound.set(effect.sa.outbound.spi, effect.sa.outbound);
          return this.#behaviour.endsAtOnce ? [effect, ...this.fromIke(close(), now, close)] : [effect];
        case 'fact':
          if (effect.fact.fact === 'ike-message' && effect.fact.direction === 'sent')
            this.#label = effect.fact;
          return [effect];
        default:
          return [effect];
      }
    });
  }

  /** What L2TP's effects become, before anything is sealed. */
  fromL2tp(effects: readonly L2tpEffect[], now: Instant): L2tpEffect[] {
    const { l2tp } = this.#behaviour;
    if (l2tp === undefined) return [...effects];
    return effects.flatMap((effect): L2tpEffect[] => {
      if (effect.effect !== 'send-l2tp' || this.#released.has(effect)) return [effect];
      const leaving = describeL2tp(effect.message);
      const messages = leaving === undefined ? [{ octets: effect.message, afterMs: 0 }] : l2tp(leaving);
      const sent = (octets: Uint8Array): SendL2tp => ({ ...effect, message: octets });
      return this.#split(messages, sent, this.#heldL2tp, now);
    });
  }

  /** What sealed packets become; facts among them stay. */
  fromEsp(effects: readonly EndpointEffect[]): EndpointEffect[] {
    const { esp } = this.#behaviour;
    return effects.flatMap((effect): EndpointEffect[] => {
      if (esp === undefined || (effect.effect !== 'send-udp' && effect.effect !== 'send-esp'))
        return [effect];
      const sa = this.#outbound.get(readUint(effect.payload, 0, 4));
      if (sa === undefined) return [effect];
      return esp({ octets: effect.payload, sa }).map((payload) => ({ ...effect, payload }));
    });
  }

  deadline(): Instant | undefined {
    return earliest([...this.#heldIke, ...this.#heldL2tp].map(({ due }) => due));
  }

  /** What was held and leaves now; both go through their door again, which lets them pass. */
  due(now: Instant): { readonly ike: IkeEffect[]; readonly l2tp: L2tpEffect[] } {
    const ike = this.#heldIke.filter(({ due }) => due <= now).map(({ effect }) => effect);
    const l2tp = this.#heldL2tp.filter(({ due }) => due <= now).map(({ effect }) => effect);
    this.#heldIke = this.#heldIke.filter(({ due }) => due > now);
    this.#heldL2tp = this.#heldL2tp.filter(({ due }) => due > now);
    for (const effect of [...ike, ...l2tp]) this.#released.add(effect);
    return { ike, l2tp };
  }

  #sendIke(effect: SendIke, now: Instant): IkeEffect[] {
    const { ike } = this.#behaviour;
    if (ike === undefined || this.#released.has(effect)) return [effect];
    const { exchange, message } = this.#label;
    const messages = ike({ exchange, message, octets: effect.message });
    return this.#split(messages, (octets): SendIke => ({ ...effect, message: octets }), this.#heldIke, now);
  }

  #split<Effect>(
    messages: readonly Leaving[],
    sent: (octets: Uint8Array) => Effect,
    held: Held<Effect>[],
    now: Instant,
  ): Effect[] {
    const [atOnce, later] = [
      messages.filter(({ afterMs }) => afterMs === 0),
      messages.filter(({ afterMs }) => afterMs > 0),
    ];
    held.push(...later.map(({ octets, afterMs }) => ({ due: now + afterMs, effect: sent(octets) })));
    return atOnce.map(({ octets }) => sent(octets));
  }
}

/**
 * The tampering that an endpoint's configuration asks for; none where it asks for none. Throws a RangeError
 * where the text is no impairment, or one that this end cannot play.
 */
export function tamperingOf(text: string | undefined, end: End): Tampering | undefined {
  if (text === undefined) return undefined;
  const chosen = readImpairment(text);
  if (typeof chosen === 'string') throw new RangeError(chosen);
  if (!chosen.ends.includes(end)) throw new RangeError(`a ${end} cannot play ${text}`);
  return new Tampering(chosen.impairment.begin(chosen.values, end));
}

function describeL2tp(octets: Uint8Array): L2tpLeaving | undefined {
  const packet = decodePacket(octets);
  if (!packet.ok) return undefined;
  if (packet.value.type === 'data') return { kind: 'data', packet: packet.value, octets };
  const message = decodeMessage(packet.value.body);
  return { kind: 'control', packet: packet.value, message: message.ok ? message.value : undefined, octets };
}
