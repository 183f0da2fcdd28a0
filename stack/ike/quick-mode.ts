import type { Ipv4 } from '../address.ts';
import type { RandomSource } from '../engine.ts';
import type { Fact } from '../fact.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import type { Identification } from '../isakmp/identification.ts';
import { EncapsulationMode, IdType } from '../isakmp/ipsec-doi.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import { type EncapsulationNumbers, otherEncapsulation, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { SaPair, TrafficSelector } from '../sa.ts';
import type { IkeConfig, Phase2Proposal } from './config.ts';
import type { Ends } from './exchange.ts';
import { identifiedAddress } from './identity.ts';
import { espSa } from './keymat.ts';
import type { NatOriginal } from './nat-original.ts';
import { isNonceLength } from './nonce.ts';
import type { QuickModeExchange } from './pfs.ts';
import type { Cookies, Established, Keyed } from './phase1.ts';
import { phase2Iv } from './phase1-keys.ts';
import { algorithmsOf, type EncapsulationModes } from './phase2-proposal.ts';
import { hashedPayloads, openMessage, type Sealed, sealMessage } from './protection.ts';
import type { Step } from './step.ts';

/** How far one quick mode has come (RFC 2409 5.5), named by what this side did last. */
export type QuickModeState =
  | {
      readonly at: 'sa-sent';
      readonly spi: number;
      readonly nonce: Uint8Array;
      /** `undefined` without PFS. */
      readonly exchange: QuickModeExchange | undefined;
      /** The IV of message 2: the last block of message 1. */
      readonly iv: Uint8Array;
    }
  | {
      readonly at: 'sa-answered';
      readonly pair: SaPair;
      readonly initiatorNonce: Uint8Array;
      readonly responderNonce: Uint8Array;
      readonly iv: Uint8Array;
    }
  /** Complete. `iv` is the last block of message 3, for a CONNECTED notify under the commit bit (RFC 2408 3.1). */
  | { readonly at: 'complete'; readonly iv: Uint8Array; readonly pair: SaPair }
  | { readonly at: 'refused' };

export type QuickStateAt<At extends QuickModeState['at']> = Extract<QuickModeState, { at: At }>;
export type QuickStep<At extends QuickModeState['at']> = Step<QuickStateAt<At>>;

export interface QuickModeContext<Config extends IkeConfig> extends Cookies {
  readonly config: Config;
  readonly random: RandomSource;
  readonly messageId: number;
  readonly phase1: Established;
  readonly ends: Ends;
  /** The traffic of the pair that is to be replaced; absent: what an initiator is configured for. */
  readonly selectors?: { readonly own: TrafficSelector; readonly other: TrafficSelector };
}

/** The IV of the first message of a quick mode or informational exchange. */
export function firstIv({ keys, iv }: Established, messageId: number): Uint8Array {
  return phase2Iv(keys.hash, keys.encryption, iv, messageId);
}

export function sealQuickMode(
  { initiatorCookie, responderCookie, messageId, phase1, config }: QuickModeContext<IkeConfig>,
  iv: Uint8Array,
  payloads: readonly Payload[],
): Sealed {
  const commit = config.role === 'responder' && config.setsCommitBit === true;
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId, commit };
  return sealMessage(phase1.keys, iv, start, payloads, config.tamper);
}

/** What message 1 or 2 brings: SA, nonce and whatever else is under its hash. */
export interface QuickModeOffer {
  readonly sa: SecurityAssociation;
  readonly nonce: Uint8Array;
  readonly payloads: readonly ReceivedPayload[];
  readonly lastBlock: Uint8Array;
}

/** Opens message 1 or 2, or says why it is none. `before` is what HASH(2) covers ahead of the payloads: Ni_b. */
export function openQuickModeOffer(
  { keys }: Established,
  message: 1 | 2,
  iv: Uint8Array,
  before: Uint8Array,
  header: IsakmpHeader,
  octets: Uint8Array,
): QuickModeOffer | string {
  const opened = openMessage(keys, iv, header, octets);
  if (!opened.ok) return `quick mode message ${message}: ${opened.error.field}: ${opened.error.detail}`;
  const payloads = hashedPayloads(keys, header.messageId, before, opened.value);
  if (payloads === undefined) return `HASH(${message}) does not verify`;
  const [sa] = payloadsOf(payloads, 'security-association');
  const [nonce] = payloadsOf(payloads, 'nonce');
  if (sa === undefined || nonce === undefined) return `no SA or nonce in quick mode message ${message}`;
  if (!isNonceLength(nonce.data.length))
    return `a nonce of ${nonce.data.length} octets in quick mode message ${message}`;
  return { sa: sa.sa, nonce: nonce.data, payloads, lastBlock: opened.value.lastBlock };
}

/** ESP goes in UDP as soon as NAT detection found a NAT at either end (RFC 3947 5.1). */
export function needsUdp({ nat }: Keyed): boolean {
  return nat?.encapsulates ?? false;
}

/** Plain, or UDP-encapsulated under the numbers of the revision in use, unless the configuration has it otherwise. */
export function encapsulationModes(
  phase1: Keyed,
  { encapsulationNumbers }: Pick<IkeConfig, 'encapsulationNumbers'>,
): EncapsulationModes {
  const { revision } = phase1;
  if (revision === undefined || !needsUdp(phase1)) return EncapsulationMode;
  const own = udpModes(revisionNumbers[revision]);
  const other = udpModes(otherEncapsulation(revision));
  if (encapsulationNumbers === 'either') return { ...own, alsoRead: other };
  return encapsulationNumbers === 'other' ? { ...other, alsoRead: own } : own;
}

function udpModes({ udpTransport: transport, udpTunnel: tunnel }: EncapsulationNumbers) {
  return { transport, tunnel };
}

/**
 * What an ID of quick mode selects. An ID that names no address (old Windows behind NAT sends its
 * host name) stands for `fallback`; no ID at all for any traffic of `fallback` (RFC 2409 5.5).
 * `undefined` for an ID that cannot be one host's.
 */
export function selector(id: Identification | undefined, fallback: Ipv4): TrafficSelector | undefined {
  if (id === undefined) return { ip: fallback, protocol: 0, port: 0 };
  const named = id.idType === IdType.fqdn || id.idType === IdType.userFqdn;
  const ip = named ? fallback : identifiedAddress(id);
  return ip === undefined ? undefined : { ip, protocol: id.protocolId, port: id.port };
}

export interface PairParts {
  readonly proposal: Phase2Proposal;
  readonly inboundSpi: number;
  readonly outboundSpi: number;
  readonly initiatorNonce: Uint8Array;
  readonly responderNonce: Uint8Array;
  /** g(qm)^xy; `undefined` without PFS. */
  readonly sharedSecret: Uint8Array | undefined;
  readonly localSelector: TrafficSelector;
  readonly peerSelector: TrafficSelector;
  readonly natOriginal: NatOriginal | undefined;
}

export function saPair(phase1: Established, ends: Ends, parts: PairParts): SaPair {
  const { initiatorNonce, responderNonce, sharedSecret, natOriginal } = parts;
  const { mode = 'transport', lifetimeSeconds, lifetimeKilobytes } = parts.proposal;
  const algorithms = algorithmsOf(parts.proposal);
  return {
    inbound: espSa(phase1.keys, parts.inboundSpi, algorithms, initiatorNonce, responderNonce, sharedSecret),
    outbound: espSa(phase1.keys, parts.outboundSpi, algorithms, initiatorNonce, responderNonce, sharedSecret),
    mode,
    encapsulation: needsUdp(phase1) ? 'udp' : 'none',
    ...ends,
    localSelector: parts.localSelector,
    peerSelector: parts.peerSelector,
    ...(natOriginal === undefined ? {} : { natOriginal }),
    lifetimeSeconds,
    ...(lifetimeKilobytes === undefined ? {} : { lifetimeKilobytes }),
  };
}

export function phase2EstablishedFact({ inbound, outbound, encapsulation }: SaPair): Fact {
  return {
    fact: 'phase2-established',
    inboundSpi: inbound.spi,
    outboundSpi: outbound.spi,
    encapsulation,
  };
}
