import type { ResponderEndpoint } from '../../endpoint/responder.ts';
import { type EndpointHost, joined } from '../../endpoint/testing/joined.ts';
import { withHash } from '../../ike/protection.ts';
import type { IkeTamper } from '../../ike/tamper.ts';
import { ExchangeType } from '../../isakmp/exchange-type.ts';
import { encodePayload, type Payload } from '../../isakmp/payload.ts';
import { concat, readUint } from '../../octets.ts';
import type { Datagram, Internet, InternetHost } from '../internet.ts';
import { Chance } from './chance.ts';
import { dialHonestly } from './honest.ts';
import { InnerReader, type OpenedInner } from './inner.ts';
import { depths, mutatedInner } from './inner-mutation.ts';
import { mutate } from './mutation.ts';
import { scenarios } from './scenarios.ts';
import { FaultFound } from './target.ts';

/** Virtual time of a connection under attack, and the time that an honest client has afterwards. */
const attackMs = 40_000;
const patienceMs = 120_000;

/** What is done to one message; which one is the key that it stands under. */
interface Stroke {
  readonly how: number;
  readonly seed: string;
}

const strokeLength = 6;
const ways = [...depths, 'l2tp body', 'l2tp body', 'dropped', 'twice', 'before it'] as const;

/**
 * Both ends of a connection as liars: an input says which payloads are changed before IKE encrypts them, and what is
 * changed inside ESP, in L2TP and in PPP, all of it authentic to who receives it. An honest client dials afterwards.
 */
export function insider(input: Uint8Array): number {
  const scenario = scenarios[(input[0] ?? 0) % scenarios.length];
  if (scenario === undefined) return 0;
  const strokes = strokesOf(input);
  const { way, client: clientConfig, responder: responderConfig } = scenario;
  const { internet, client, responder } = joined(
    `insider ${scenario.name}`,
    way,
    { ...clientConfig, ike: lying(clientConfig.ike, strokes.client) },
    { ...responderConfig, ike: lying(responderConfig.ike, strokes.responder) },
  );
  const between = new Between(internet, strokes.inner, () =>
    [client, responder].flatMap(({ endpoint }) => endpoint.keys().esp),
  );
  client.act((endpoint, now) => endpoint.connect(now));
  internet.runTo(attackMs);
  between.attacks = false;
  strokes.client.clear();
  strokes.responder.clear();
  const honest = dialHonestly(scenario, internet);
  if (!internet.run(() => honest.isUp, internet.now + patienceMs)) {
    throw new FaultFound('wrong', 'an honest client does not connect');
  }
  for (const host of [client, honest]) host.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + 60_000);
  requireNothingLeft(internet, responder);
  return between.datagrams;
}

function requireNothingLeft(internet: Internet, { endpoint }: EndpointHost<ResponderEndpoint>): void {
  endpoint.close(internet.now);
  for (let ticks = 0, now = internet.now; ; ticks++) {
    const deadline = endpoint.deadline();
    if (deadline === undefined) break;
    if (ticks > 2000) throw new FaultFound('grows', 'a timer runs for ever after the end');
    now = Math.max(now, deadline);
    endpoint.tick(now);
  }
  const left = Object.entries(endpoint.summary()).filter(([, count]) => count > 0);
  if (left.length > 0) {
    throw new FaultFound('grows', `left after the end: ${left.map((entry) => entry.join(' ')).join(', ')}`);
  }
}

/** Strokes by the number of the message that they are for: IKE's of each end, and what crosses the wire inside ESP. */
function strokesOf(input: Uint8Array) {
  const strokes = {
    client: new Map<number, Stroke>(),
    responder: new Map<number, Stroke>(),
    inner: new Map<number, Stroke>(),
  };
  const kinds = ['inner', 'inner', 'client', 'responder'] as const;
  for (let at = 1; at + strokeLength <= input.length; at += strokeLength) {
    const [kind = 0, number = 0, how = 0] = input.subarray(at);
    const where = kinds[kind % kinds.length] ?? 'inner';
    const message = where === 'inner' ? number : number % 8;
    strokes[where].set(message, { how, seed: String(readUint(input, at + 3, 3)) });
  }
  return strokes;
}

/** Settings with which an end changes its payloads right before it encrypts them. */
function lying<Config extends object>(config: Config, strokes: Map<number, Stroke>): Config {
  let messages = 0;
  const tamper: IkeTamper = {
    sealing: ({ keys, start }, payloads) => {
      const stroke = strokes.get(messages++);
      if (stroke === undefined) return payloads;
      const chance = new Chance(stroke.seed);
      const [first, ...rest] = payloads;
      const hashed = start.exchangeType !== ExchangeType.identityProtection && first?.payload === 'hash';
      if (!hashed || stroke.how % 4 === 0) return changed(chance, payloads);
      // A hash over the changed payloads, as the first message of quick mode and informational ones have it.
      return withHash(keys, start.messageId, new Uint8Array(), changed(chance, rest));
    },
  };
  return { ...config, tamper };
}

/** The same payloads with one of them changed, doubled, left out, or under another number. */
function changed(chance: Chance, payloads: readonly Payload[]): Payload[] {
  const raw = payloads.map((payload): Payload & { payload: 'other' } => {
    const { type, body } = encodePayload(payload);
    return { payload: 'other', number: type, data: body };
  });
  const at = chance.below(raw.length);
  const one = raw[at];
  if (one === undefined) return raw;
  const other = chance.oneOf(raw);
  switch (chance.below(8)) {
    case 0:
      return raw.toSpliced(at, 1);
    case 1:
      return raw.toSpliced(at, 0, ...Array.from({ length: 1 + chance.below(40) }, () => one));
    case 2:
      return raw.with(at, {
        ...one,
        number: chance.oneOf([...raw.map(({ number }) => number), chance.below(256)]),
      });
    default:
      return raw.with(at, { ...one, data: mutate(chance, one.data, other.data) });
  }
}

/** Somebody on the wire who has every key: each packet of ESP is opened and sealed anew, and some are changed. */
class Between {
  attacks = true;
  datagrams = 0;
  readonly #reader: InnerReader;
  readonly #internet: Internet;
  readonly #strokes: ReadonlyMap<number, Stroke>;
  readonly #own = new WeakSet<Datagram>();
  #packets = 0;

  constructor(
    internet: Internet,
    strokes: ReadonlyMap<number, Stroke>,
    keys: ConstructorParameters<typeof InnerReader>[0],
  ) {
    this.#internet = internet;
    this.#strokes = strokes;
    this.#reader = new InnerReader(keys);
    internet.tamper = (datagram) => this.#pass(datagram);
  }

  #pass(datagram: Datagram): Datagram | undefined {
    if (this.#own.has(datagram)) return datagram;
    this.datagrams++;
    const opened = this.#reader.read(datagram);
    if (opened === undefined) return datagram;
    const { payload, nextHeader } = opened;
    const stroke = this.attacks ? this.#strokes.get(this.#packets++) : undefined;
    if (stroke === undefined) return this.#sealed(datagram, opened, payload);
    const chance = new Chance(stroke.seed);
    const way = ways[stroke.how % ways.length] ?? 'all';
    switch (way) {
      case 'dropped':
        return undefined;
      case 'twice':
        this.#inject(this.#sealed(datagram, opened, payload));
        return this.#sealed(datagram, opened, payload);
      case 'before it':
        this.#inject(this.#sealed(datagram, opened, mutatedInner(chance, payload, nextHeader, 'l2tp body')));
        return this.#sealed(datagram, opened, payload);
      default:
        return this.#sealed(datagram, opened, mutatedInner(chance, payload, nextHeader, way));
    }
  }

  #sealed(
    datagram: Datagram,
    { packet, spi, nextHeader }: OpenedInner,
    inner: Uint8Array,
  ): Datagram | undefined {
    const sealed = this.#reader.write(spi, inner, nextHeader);
    if (sealed === undefined) return undefined;
    const wrapping = datagram.payload.subarray(0, datagram.payload.length - packet.length);
    return { ...datagram, payload: concat(wrapping, sealed) };
  }

  #inject(datagram: Datagram | undefined): void {
    if (datagram === undefined) return;
    this.#own.add(datagram);
    this.#internet.send(onTheWire, datagram);
  }
}

/** Who sends from the wire itself, behind no NAT. */
const onTheWire: InternetHost = {
  address: '',
  nat: undefined,
  receive: () => {},
  deadline: () => undefined,
  tick: () => {},
};
