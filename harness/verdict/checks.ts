import { BlockList, isIPv4 } from 'node:net';
import type { Check } from '../expectation.ts';
import type { PeerObservation, WireObservation } from '../observation.ts';
import { browsesFrom, otherInnerAddresses } from './browsing.ts';
import { clearL2tpOn } from './clear-l2tp.ts';
import { endsToldFinding } from './ends-told.ts';
import { eventFinding } from './event.ts';
import type { Evidence } from './evidence.ts';
import { natSeenFinding } from './nat-seen.ts';
import { refusalFinding } from './refusal-told.ts';
import { spoiltFinding } from './spoilt.ts';
import { allAnswered } from './traffic-checks.ts';

export interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  /** What was found, whether it is as it must be or not. */
  readonly detail: string;
}

/** One check of an expectation against the evidence. What was not observed does not hold. */
export function checkResult(check: Check, evidence: Evidence): CheckResult {
  const { ok, detail } = finding(check, evidence);
  const { check: name, ...values } = check;
  const wanted = Object.values(values).flat().join(' ');
  return { check: wanted === '' ? name : `${name} ${wanted}`, ok, detail };
}

/** What is expected of a cell that bears on what may show outside the tunnel. */
export interface Expected {
  /** The client's own L2TP is no leak then; that it goes unanswered has a check of its own. */
  readonly dialsInTheClear?: boolean;
  /** What VPN users send to the Internet; else it leaves with their inner addresses, and that alone. Absent: it is. */
  readonly isTranslated?: boolean;
  /** The tunnel comes to its end unasked: what its client sends then may go by its other routes. Absent: it does not. */
  readonly tunnelEnds?: boolean;
}

/** What may never show outside the tunnel. */
export function leakChecks(
  { wire }: Evidence,
  { dialsInTheClear = false, isTranslated = true, tunnelEnds = false }: Expected = {},
): CheckResult[] {
  type Count = (wire: WireObservation, segment: string) => number;
  const all =
    (key: 'clearL2tp' | 'innerAddresses'): Count =>
    ({ segments }, segment) =>
      segments[segment]?.[key] ?? 0;
  const inClear: readonly [string, Count] = ['no L2TP outside IPsec', all('clearL2tp')];
  const inner: readonly [string, Count] = isTranslated
    ? ['no inner address outside', all('innerAddresses')]
    : ['no inner address outside but those of who browses', otherInnerAddresses];
  const leaks = [...(dialsInTheClear ? [] : [inClear]), ...(tunnelEnds ? [] : [inner])];
  return leaks.map(([check, count]) => {
    if (!wire) return { check, ok: false, detail: 'not observed' };
    const seen = Object.keys(wire.segments).filter((segment) => count(wire, segment) > 0);
    const detail = seen.map((segment) => `${count(wire, segment)} packets on ${segment}`).join(', ');
    return { check, ok: seen.length === 0, detail: detail || 'none seen' };
  });
}

type Finding = Pick<CheckResult, 'ok' | 'detail'>;

function finding(check: Check, evidence: Evidence): Finding {
  const { client, responder, wire, left } = evidence;
  switch (check.check) {
    case 'esp-in-udp':
      return encapsulation(evidence, 'espInUdp', 'udp');
    case 'esp-as-protocol-50':
      return encapsulation(evidence, 'espNative', 'none');
    case 'port-float':
      return portFloat(wire, check.expected);
    case 'inner-address':
      return told(client?.innerAddress, (address) => address === check.address);
    case 'inner-address-in-pool':
      return told(client?.innerAddress, (address) => inRange(address, check.first, check.last));
    case 'dns-received':
      return told(client?.dns.join(' '), () => client?.dns.includes(check.address) === true);
    case 'phase1-transform':
      return agreed(client?.phase1, responder?.phase1, check.transform);
    case 'phase2-transform':
      return agreed(client?.phase2, responder?.phase2, check.transform);
    case 'downgrade-warning':
      return warning([client, responder], /downgrade/i, 'a downgrade');
    case 'clear-l2tp-unanswered':
      return clearL2tpUnanswered(wire);
    case 'key-warning':
      return warning([client, responder], /pre-shared key/i, 'the pre-shared key');
    case 'main-mode-messages':
      return told(wire?.mainModeMessages, (count) => count === check.count);
    case 'aggressive-mode-messages':
      return told(wire && (wire.aggressiveModeMessages ?? 0), (count) => count === check.count);
    case 'quick-mode-messages':
      return told(wire?.quickModeMessages, (count) => check.counts.includes(count));
    case 'no-public-hop':
      return noPublicHop(evidence.traffic);
    case 'browses-from':
      return browsesFrom(wire, check.address);
    case 'ike-stays-on-4500':
      return told(wire?.ike500AfterFloat, (count) => count === 0);
    case 'survives-hold': {
      const again = evidence.traffic?.pingAfterHold;
      return again === undefined
        ? notObserved
        : { ok: allAnswered(again), detail: `${again.received} of ${again.sent} answers` };
    }
    case 'nat-seen':
      return natSeenFinding(check.byClient, check.byResponder, evidence);
    case 'refusal-told':
      return refusalFinding(check.expected, evidence);
    case 'nothing-spoilt':
      return spoiltFinding(evidence);
    case 'dropped': {
      const drops = evidence[check.end]?.drops;
      return told(drops && (drops[check.reason] ?? 0), (count) => count > 0);
    }
    case 'keepalives-sent':
      return told(keepalivesOn(wire?.path[0], wire)?.sent, (count) => count > 0);
    case 'keepalives-unanswered':
      return told(keepalivesOn(wire?.path.at(-1), wire)?.back, (count) => count === 0);
    case 'replaced-by':
    case 'old-sas-accepted':
    case 'old-spi-unanswered':
    case 'freed-within':
    case 'sas-outlive-link':
    case 'sas-end-between':
      return eventFinding(check, evidence);
    case 'ends-told':
      return endsToldFinding(check.layers, evidence);
    case 'nothing-left': {
      const words = left && [...left.client, ...left.responder].join('; ');
      return told(words === '' ? 'nothing' : words, (text) => text === 'nothing');
    }
  }
}

/** From and toward the client on one segment. */
function keepalivesOn(segment: string | undefined, wire: WireObservation | undefined) {
  const counts = wire?.segments[segment ?? ''];
  if (!counts) return undefined;
  const back = counts.keepalivesToClient ?? 0;
  return { sent: counts.keepalives - back, back };
}

/** Every segment of the path shows this kind of ESP both ways and none of the other, and no peer says otherwise. */
function encapsulation(
  { client, responder, wire }: Evidence,
  kind: 'espInUdp' | 'espNative',
  word: 'udp' | 'none',
): Finding {
  if (!wire) return notObserved;
  const other = kind === 'espInUdp' ? 'espNative' : 'espInUdp';
  const problems: string[] = [];
  for (const segment of wire.path) {
    const counts = wire.segments[segment];
    if (!counts || counts[kind].toResponder === 0 || counts[kind].toClient === 0) {
      problems.push(`not both ways on ${segment}`);
    }
    if (counts && counts[other].toResponder + counts[other].toClient > 0) {
      problems.push(`the other kind on ${segment}`);
    }
  }
  for (const peer of [client, responder]) {
    if (peer?.encapsulation !== undefined && peer.encapsulation !== word) {
      problems.push(`${peer.peer} says ${peer.encapsulation}`);
    }
  }
  return {
    ok: wire.path.length > 0 && problems.length === 0,
    detail: problems.join(', ') || 'on every segment',
  };
}

/** RFC 1918 has the addresses inside; a hop that stays silent shows none. */
function noPublicHop(traffic: Evidence['traffic']): Finding {
  if (traffic === undefined || traffic.traceroute.length === 0) return notObserved;
  const strangers = traffic.traceroute.filter((hop) => isIPv4(hop) && !inside.check(hop));
  return { ok: strangers.length === 0, detail: strangers.join(' ') || 'none' };
}

const inside = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(network, prefix);
}

function portFloat(wire: WireObservation | undefined, expected: boolean): Finding {
  if (!wire) return notObserved;
  const on4500 = wire.path.reduce((sum, segment) => {
    const counts = wire.segments[segment]?.ike4500;
    return sum + (counts?.toResponder ?? 0) + (counts?.toClient ?? 0);
  }, 0);
  const detail = `${wire.portFloat ? 'floated' : 'not floated'}, ${on4500} IKE packets on 4500`;
  return { ok: expected ? wire.portFloat : !wire.portFloat && on4500 === 0, detail };
}

/** Both peers name this transform; one that shows none leaves it to the other. */
function agreed(ofClient: string | undefined, ofResponder: string | undefined, wanted: string): Finding {
  const said = [ofClient, ofResponder].filter((transform) => transform !== undefined);
  return told(said.length === 0 ? undefined : said.join(' and '), () =>
    said.every((each) => each === wanted),
  );
}

function warning(peers: readonly (PeerObservation | undefined)[], of: RegExp, what: string): Finding {
  const warnings = peers.flatMap((peer) => peer?.warnings ?? []);
  const found = warnings.find((text) => of.test(text));
  return { ok: found !== undefined, detail: found ?? `${warnings.length} warnings, none of ${what}` };
}

function inRange(address: string, first: string, last: string): boolean {
  const pool = new BlockList();
  pool.addRange(first, last);
  return isIPv4(address) && pool.check(address);
}

/** It left the client, and nothing of the kind goes back on any segment. */
function clearL2tpUnanswered(wire: WireObservation | undefined): Finding {
  if (!wire) return notObserved;
  const { toResponder } = clearL2tpOn(wire, wire.path[0]);
  const answered = Object.keys(wire.segments).filter((segment) => clearL2tpOn(wire, segment).toClient > 0);
  const detail =
    answered.length > 0 ? `answered on ${answered.join(', ')}` : `${toResponder} left, none back`;
  return { ok: toResponder > 0 && answered.length === 0, detail };
}

const notObserved: Finding = { ok: false, detail: 'not observed' };

function told<T extends string | number>(value: T | undefined, holds: (value: T) => boolean): Finding {
  if (value === undefined || value === '') return notObserved;
  return { ok: holds(value), detail: String(value) };
}
