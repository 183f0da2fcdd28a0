import type { Fact } from '../../stack/fact.ts';
import { decodeOuter } from './outer.ts';
import { readPcap } from './pcap.ts';

/** What one end of ours told of a connection under load. */
export interface EndAccount {
  readonly rekeys: { readonly phase1: number; readonly phase2: number };
  /** Who began them: this end or its peer. */
  readonly begunBy: { readonly local: number; readonly peer: number };
  readonly pppStarts: number;
  /** Layers above IPsec that ended, in words. */
  readonly ended: readonly string[];
  /** Packets and messages that led to nothing, by reason. */
  readonly drops: Readonly<Record<string, number>>;
}

/** What the segments between the two ends saw. */
export interface WireAccount {
  /** Initiator's cookies of complete main or aggressive modes: one for each ISAKMP SA. */
  readonly isakmpSas: number;
  /** SPIs under which ESP went: two for each pair that carried traffic both ways. */
  readonly espSpis: number;
  readonly espPackets: number;
}

/** What a transfer in both directions at once came to. */
export type LoadAccount =
  | {
      readonly survived: true;
      readonly seconds: number;
      readonly upMbps: number;
      readonly downMbps: number;
      readonly retransmits: number;
      /** The longest time in which a direction carried nothing, in seconds: whole reporting intervals. */
      readonly longestStall: number;
    }
  | { readonly survived: false; readonly why: string };

/** How many times an SA of each phase was replaced at least, for a run to count. */
const enoughRekeys = 5;

/**
 * What speaks against the run, in words; empty where the connection lived through its rekeys.
 * How long a transfer stalled is reported and not judged: that is the machine's as much as the stack's.
 */
export function objections(
  ends: Readonly<Record<string, EndAccount>>,
  wire: WireAccount,
  load: LoadAccount,
): string[] {
  const found: string[] = [];
  if (!load.survived) found.push(`iperf3 did not come to its end: ${load.why}`);
  for (const [name, { rekeys, pppStarts, ended }] of Object.entries(ends)) {
    for (const phase of ['phase1', 'phase2'] as const) {
      if (rekeys[phase] < enoughRekeys) found.push(`${name}: ${phase} was replaced ${rekeys[phase]} times`);
    }
    if (pppStarts !== 1) found.push(`${name}: PPP came up ${pppStarts} times`);
    found.push(...ended.map((what) => `${name}: ${what}`));
  }
  if (wire.isakmpSas < enoughRekeys + 1) found.push(`the wire saw ${wire.isakmpSas} ISAKMP SAs`);
  if (wire.espSpis < 2 * (enoughRekeys + 1)) found.push(`the wire saw ESP under ${wire.espSpis} SPIs`);
  return found;
}

/** Reads the facts of an end, those of the connection alone: nobody has hung up yet. */
export function endAccount(facts: readonly Fact[]): EndAccount {
  const drops: Record<string, number> = {};
  const ended: string[] = [];
  const rekeys = { phase1: 0, phase2: 0 };
  const begunBy = { local: 0, peer: 0 };
  let pppStarts = 0;
  for (const fact of facts) {
    if (fact.fact === 'rekeyed') {
      rekeys[fact.phase === 1 ? 'phase1' : 'phase2'] += 1;
      begunBy[fact.by] += 1;
    }
    if (fact.fact === 'ipcp-opened') pppStarts += 1;
    if (fact.fact === 'packet-dropped') drops[fact.reason] = (drops[fact.reason] ?? 0) + 1;
    if (fact.fact === 'closed' && (fact.layer === 'ppp' || fact.layer === 'l2tp')) {
      ended.push(`${fact.layer} ended (${fact.by}: ${fact.detail})`);
    }
  }
  return { rekeys, begunBy, pppStarts, ended, drops };
}

/** Reads captures of segments on the path; what several of them saw counts once. Throws on a file that is no capture. */
export function wireAccount(captures: readonly Uint8Array[]): WireAccount {
  const answered = new Set<string>();
  const spis = new Set<number>();
  let espPackets = 0;
  for (const bytes of captures) {
    const pcap = readPcap(bytes);
    if (!pcap.ok) throw new Error(pcap.error);
    let packets = 0;
    for (const { frame } of pcap.file.packets()) {
      const content = decodeOuter(frame)?.content;
      if (content?.kind === 'esp-in-udp' || content?.kind === 'esp-native') {
        packets += 1;
        spis.add(content.spi);
      }
      // Identity protection and aggressive (RFC 2408 3.1); a responder's cookie says that somebody answered.
      if (content?.kind !== 'ike' || !content.isakmp) continue;
      const { exchangeType, responderCookie, initiatorCookie } = content.isakmp;
      if ([2, 4].includes(exchangeType) && !/^0+$/.test(responderCookie)) answered.add(initiatorCookie);
    }
    espPackets = Math.max(espPackets, packets);
  }
  return { isakmpSas: answered.size, espSpis: spis.size, espPackets };
}
