import type { SaStatus } from '../../../stack/endpoint/inspection.ts';
import type { Fact, IkeFailure, PppFailure } from '../../../stack/fact.ts';
import type { PeerObservation } from '../../observation.ts';
import { type Reason, type Stage, stageIndex } from '../../stage.ts';
import { observeStanding } from './observe-standing.ts';
import { phase1Text, phase2Text } from './transform-text.ts';

/** A fact and when it happened, in milliseconds since the connection began. */
export interface TimedFact {
  readonly atMs: number;
  readonly fact: Fact;
}

type StageEntry = PeerObservation['stages'][number];
type FactNamed<Name extends Fact['fact']> = Extract<Fact, { fact: Name }>;

/**
 * Reads the facts that an endpoint of our stack told into the form that all peers share. Nothing is
 * inferred that no fact says: a stage without its fact is not done. `sas` are those that are installed,
 * `undefined` where the endpoint could not be asked.
 */
export function observe(
  peer: string,
  version: string,
  facts: readonly TimedFact[],
  sas?: readonly SaStatus[],
): PeerObservation {
  const first = <Name extends Fact['fact']>(name: Name) => {
    const found = facts.find((each) => each.fact.fact === name);
    return found && { atMs: found.atMs, fact: found.fact as FactNamed<Name> };
  };
  const nat = first('nat-detected')?.fact;
  const revision = first('nat-traversal-chosen')?.fact.revision;
  const phase1 = first('phase1-proposal-chosen')?.fact.transform;
  const phase2 = last(facts, 'phase2-proposal-chosen')?.algorithms;
  const sa = last(facts, 'phase2-established');
  const tunnel = last(facts, 'l2tp-tunnel-established');
  const callEnd = endOfCall(facts);
  const ipcp = first('ipcp-opened')?.fact;
  return {
    peer,
    version,
    stages: stagesOf(facts),
    ...(nat && { natSeen: { localBehindNat: nat.localBehindNat, peerBehindNat: nat.peerBehindNat } }),
    ...(revision && { natTraversal: revision }),
    ...(phase1 && { phase1: phase1Text(phase1) }),
    ...(phase2 && { phase2: phase2Text(phase2) }),
    ...(sa && {
      encapsulation: sa.encapsulation,
      spis: { inbound: sa.inboundSpi, outbound: sa.outboundSpi },
    }),
    ...(sas && { sas: sas.map(saOf) }),
    ...(tunnel && { l2tp: l2tpOf(tunnel, last(facts, 'l2tp-session-established')) }),
    ...(callEnd && { callEnd }),
    ...observeStanding(facts),
    ...(ipcp && { innerAddress: ipcp.localAddress, peerInnerAddress: ipcp.peerAddress }),
    dns: [...(ipcp?.dns ?? [])],
    unanswered: unanswered(facts),
    drops: dropsOf(facts),
    warnings: facts.flatMap(({ fact }) => (fact.fact === 'warning' ? [fact.detail] : [])),
  };
}

function last<Name extends Fact['fact']>(
  facts: readonly TimedFact[],
  name: Name,
): FactNamed<Name> | undefined {
  return facts.findLast((each) => each.fact.fact === name)?.fact as FactNamed<Name> | undefined;
}

function saOf({ direction, spi, algorithms, encapsulation, packets, octets }: SaStatus) {
  return { direction, spi, algorithms: phase2Text(algorithms), encapsulation, packets, octets };
}

function l2tpOf(
  { localTunnelId, peerTunnelId }: FactNamed<'l2tp-tunnel-established'>,
  session: FactNamed<'l2tp-session-established'> | undefined,
): NonNullable<PeerObservation['l2tp']> {
  return {
    tunnelId: localTunnelId,
    peerTunnelId,
    ...(session && { sessionId: session.localSessionId, peerSessionId: session.peerSessionId }),
  };
}

/** Packets and messages that led to nothing, by reason. */
function dropsOf(facts: readonly TimedFact[]): NonNullable<PeerObservation['drops']> {
  const drops: Record<string, number> = {};
  for (const { fact } of facts) {
    if (fact.fact === 'packet-dropped') drops[fact.reason] = (drops[fact.reason] ?? 0) + 1;
  }
  return drops;
}

/** Who sent the first CDN, and its Result Code. */
function endOfCall(facts: readonly TimedFact[]): PeerObservation['callEnd'] {
  for (const { fact } of facts) {
    if (fact.fact !== 'l2tp-ended' || fact.message !== 'CDN') continue;
    const by = fact.direction === 'sent' ? 'self' : 'peer';
    return { by, ...(fact.result !== undefined && { resultCode: fact.result }) };
  }
  return undefined;
}

/** What completes each stage. `nat-detection` and `esp` are read apart. */
const completedBy: readonly (readonly [Stage, (fact: Fact) => boolean])[] = [
  ['reach', (fact) => fact.fact === 'ike-message' && fact.direction === 'received'],
  ['nat-detection', (fact) => fact.fact === 'nat-detected'],
  ['phase1', (fact) => fact.fact === 'phase1-established'],
  ['phase2', (fact) => fact.fact === 'phase2-established'],
  ['esp', (fact) => fact.fact === 'esp-received'],
  ['l2tp-tunnel', (fact) => fact.fact === 'l2tp-tunnel-established'],
  ['l2tp-session', (fact) => fact.fact === 'l2tp-session-established'],
  ['ppp-lcp', (fact) => fact.fact === 'lcp-opened'],
  ['ppp-auth', (fact) => fact.fact === 'ppp-authenticated'],
  ['ppp-ipcp', (fact) => fact.fact === 'ipcp-opened'],
];

/** The stage that a fact completes, for live progress. */
export function completedStage(fact: Fact): Stage | undefined {
  return completedBy.find(([, completes]) => completes(fact))?.[0];
}

function stagesOf(facts: readonly TimedFact[]): StageEntry[] {
  const entries: StageEntry[] = [];
  for (const [stage, completes] of completedBy) {
    const done = facts.find((each) => completes(each.fact));
    if (done !== undefined) {
      const refused = stage === 'nat-detection' ? natRefusal(facts) : undefined;
      if (refused !== undefined) return [...entries, refused];
      entries.push({ stage, state: 'done', atMs: done.atMs, detail: '' });
      continue;
    }
    if (stageIndex(stage) < stageIndex('l2tp-tunnel') && isWithoutIpsec(facts)) {
      entries.push({ stage, state: 'skipped', detail: 'L2TP goes in the clear, without IPsec' });
      continue;
    }
    if (stage === 'nat-detection') {
      // Without NAT-T, or when main mode ended before messages 3 and 4, there was nothing to detect.
      entries.push({ stage, state: 'skipped', detail: 'no NAT detection took place' });
      continue;
    }
    entries.push(stopped(stage, facts));
    return entries;
  }
  return entries;
}

function isWithoutIpsec(facts: readonly TimedFact[]): boolean {
  return facts.some(({ fact }) => fact.fact === 'without-ipsec');
}

/** NAT detection stopped only when a side refuses because of what it showed (design: stages). */
function natRefusal(facts: readonly TimedFact[]): StageEntry | undefined {
  const failure = facts.find(({ fact }) => fact.fact === 'ike-failed' && fact.reason === 'nat-refused');
  if (failure?.fact.fact !== 'ike-failed') return undefined;
  return {
    stage: 'nat-detection',
    state: 'stopped',
    atMs: failure.atMs,
    reason: 'nat-refused',
    detail: failure.fact.detail,
  };
}

/** Why a router drops what is for itself. */
const atTheDoor: readonly string[] = ['firewall', 'no-ipsec-policy'];

const ikeReasons: Record<IkeFailure, Reason> = {
  'no-answer': 'no-answer',
  'no-proposal-chosen': 'no-proposal-chosen',
  'auth-failed': 'auth-failed',
  'id-mismatch': 'id-mismatch',
  'no-policy': 'no-policy',
  'no-key': 'no-key',
  'not-dialled': 'nothing-sent',
  'nat-refused': 'nat-refused',
  malformed: 'unknown',
  'deleted-by-peer': 'unknown',
};

const pppReasons: Record<PppFailure, Reason> = {
  'no-answer': 'no-answer',
  'auth-refused': 'ppp-refused',
  'auth-failed': 'ppp-auth-failed',
  'option-refused': 'ppp-refused',
  'looped-back': 'ppp-refused',
  'pool-exhausted': 'pool-exhausted',
  'address-refused': 'ppp-refused',
  'address-conflict': 'ppp-refused',
  terminated: 'ppp-refused',
};

/** The first stage that no fact completes, with the reason that a fact gives for it. */
function stopped(stage: Stage, facts: readonly TimedFact[]): StageEntry {
  const explained = facts.map((each) => explain(stage, each)).find((entry) => entry !== undefined);
  if (explained !== undefined) return explained;
  if (stage === 'esp') return stoppedBeforeEsp(facts);
  const notLetIn = facts.find(
    ({ fact }) => fact.fact === 'packet-dropped' && atTheDoor.includes(fact.reason),
  );
  if (stage === 'reach' && notLetIn?.fact.fact === 'packet-dropped') {
    const detail = `what came was not let in: ${notLetIn.fact.detail}`;
    return { stage, state: 'stopped', atMs: notLetIn.atMs, reason: 'no-answer', detail };
  }
  const silent = unanswered(facts).at(-1);
  if (silent === undefined) return { stage, state: 'stopped', reason: 'unknown', detail: 'no fact says why' };
  return {
    stage,
    state: 'stopped',
    reason: 'no-answer',
    detail: `${silent.what} sent ${silent.transmissions} times`,
  };
}

function explain(stage: Stage, { atMs, fact }: TimedFact): StageEntry | undefined {
  const entry = (reason: Reason, detail: string): StageEntry => ({
    stage,
    state: 'stopped',
    atMs,
    reason,
    detail,
  });
  if (fact.fact === 'ike-failed' && ikeStages[fact.phase].includes(stage))
    return entry(ikeReasons[fact.reason], fact.detail);
  if (fact.fact === 'l2tp-failed' && l2tpStages.includes(stage)) {
    return entry(fact.reason === 'refused' ? 'no-policy' : 'no-answer', fact.detail);
  }
  // Out of ESP that NAT changed the addresses of (RFC 3715 2.1, rule NAT-11).
  if (fact.fact === 'packet-dropped' && fact.reason === 'bad-checksum' && stage === 'l2tp-tunnel')
    return entry('bad-checksum', fact.detail);
  if (fact.fact === 'ppp-failed' && stage === `ppp-${fact.layer}`)
    return entry(pppReasons[fact.reason], fact.detail);
  return undefined;
}

const ikeStages: Record<1 | 2, readonly Stage[]> = { 1: ['reach', 'phase1'], 2: ['phase2'] };
const l2tpStages: readonly Stage[] = ['l2tp-tunnel', 'l2tp-session'];

/** What an end objects to in ESP of an SA that it has. */
const inEsp: readonly string[] = ['bad-icv', 'malformed'];

function stoppedBeforeEsp(facts: readonly TimedFact[]): StageEntry {
  const withheld = facts.find(({ fact }) => fact.fact === 'esp-withheld');
  if (withheld?.fact.fact === 'esp-withheld') {
    return {
      stage: 'esp',
      state: 'stopped',
      atMs: withheld.atMs,
      reason: 'esp-never-sent',
      detail: withheld.fact.detail,
    };
  }
  const has = (wanted: (fact: Fact) => boolean) => facts.some(({ fact }) => wanted(fact));
  const stopped = (reason: Reason, detail: string): StageEntry => ({
    stage: 'esp',
    state: 'stopped',
    reason,
    detail,
  });
  const deleted = facts.find(
    ({ fact }) => fact.fact === 'closed' && fact.layer === 'phase2' && fact.by === 'peer',
  );
  if (deleted?.fact.fact === 'closed') return stopped('deleted-by-peer', deleted.fact.detail);
  // Not lost but refused: an ICV of another length shifts what is encrypted, or fails (rule ESP-1).
  const refused = facts.find(({ fact }) => fact.fact === 'packet-dropped' && inEsp.includes(fact.reason));
  if (refused?.fact.fact === 'packet-dropped') {
    return stopped('bad-icv', `ESP came and was refused: ${refused.fact.reason}, ${refused.fact.detail}`);
  }
  if (has((fact) => fact.fact === 'esp-sent')) return stopped('esp-dropped', 'no ESP came back');
  return stopped('unknown', 'no ESP came, and none was sent');
}

/** Messages whose latest transmission, at least the second, was followed by nothing received in that protocol. */
function unanswered(facts: readonly TimedFact[]): PeerObservation['unanswered'] {
  const open = new Map<'ike' | 'l2tp', { what: string; transmissions: number }>();
  for (const { fact } of facts) {
    if (fact.fact === 'ike-message') {
      note(open, 'ike', fact.direction, `${fact.exchange} message ${fact.message}`, fact.transmission);
    } else if (fact.fact === 'l2tp-message') {
      note(open, 'l2tp', fact.direction, fact.message, fact.transmission);
    }
  }
  return [...open.values()].filter((message) => message.transmissions > 1);
}

function note(
  open: Map<'ike' | 'l2tp', { what: string; transmissions: number }>,
  protocol: 'ike' | 'l2tp',
  direction: 'sent' | 'received',
  what: string,
  transmissions: number,
): void {
  if (direction === 'received') open.delete(protocol);
  else open.set(protocol, { what, transmissions });
}
