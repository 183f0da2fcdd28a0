import type { PeerObservation } from '../../observation.ts';
import type { LogLine } from '../linux/peer-log.ts';
import {
  firstLine,
  type IkeReading,
  isDone,
  type RefusalLine,
  type StageLine,
  type StageSeen,
  stagesIn,
} from '../linux/reading.ts';
import { numberedGroups } from './algorithms.ts';

export const plutoProgram = 'pluto';

/**
 * What of pluto's log is kept, as an extended regular expression: all ordinary lines, and those of its thousands
 * of debugging lines (they begin with a bar) that are read here or tell when a message came and went.
 */
export const keptLines = [
  '^[^|]',
  'qnat_traversal_vid set to',
  'possible NAT-traversal with method',
  'NAT_TRAVERSAL th(is|at) end is',
  '^[|] [*]received [0-9]+ bytes from',
  '^[|] sending [0-9]+ bytes for',
].join('|');

const prefix = /^"\w+"(?:\[\d+\] \S+)? #(\d+): /;

/** The state that a line names, `"l2tp"[2] 198.18.1.10 #3: …`, by its number: an ISAKMP SA, or an IPsec SA of it. */
export function namesState(text: string): string | undefined {
  return prefix.exec(text)?.[1];
}

const established = /^(IKE|ISAKMP) SA established \{/;

/** Lines of pluto 4.10 and 5.2, without the connection and state that most of them name first. */
const completedBy: readonly StageLine[] = [
  ['reach', /^\| \*received \d+ bytes from /],
  ['nat-detection', /^\| NAT_TRAVERSAL that end is /],
  ['phase1', established],
  ['phase2', /^IPsec SA established transport mode \{/],
];

/** Notifications that pluto does not act upon: it asks again until its time is over. */
const notified = (name: string) => new RegExp(`^ignoring ((un)?secured )?informational payload ${name}\\b`);

const refusedInPhase1: readonly RefusalLine[] = [
  ['phase1', 'no-policy', /: initial Main Mode message received but no connection has been authorized /],
  [
    'phase1',
    'no-policy',
    /: initial Aggressive Mode message from \S+ but no \(wildcard\) connection has been configured /,
  ],
  ['phase1', 'no-proposal-chosen', /^no acceptable Oakley Transform$/],
  ['phase1', 'no-proposal-chosen', notified('NO_PROPOSAL_CHOSEN')],
  ['phase1', 'id-mismatch', /^Peer ID '.*' mismatched on first found connection /],
  ['phase1', 'id-mismatch', notified('INVALID_ID_INFORMATION')],
  ['phase1', 'auth-failed', /^probable authentication failure \(mismatch of preshared secrets\?\): /],
  ['phase1', 'auth-failed', /^received Hash Payload does not match computed value$/],
  ['phase1', 'auth-failed', notified('AUTHENTICATION_FAILED')],
  // RFC 2409 5: as long as the prime. SoftEther leaves leading zeros out, once in 256 connections.
  ['phase1', 'unknown', /^KE has \d+ byte DH public value; \d+ required$/],
];
const refusedInPhase2: readonly RefusalLine[] = [
  ['phase2', 'no-proposal-chosen', /^no acceptable Proposal in IPsec SA$/],
  ['phase2', 'no-proposal-chosen', notified('NO_PROPOSAL_CHOSEN')],
  ['phase2', 'id-mismatch', /^cannot respond to IPsec SA request because no connection is known for /],
  ['phase2', 'id-mismatch', notified('INVALID_ID_INFORMATION')],
  // Of another client with the same address and port.
  ['phase2', 'no-policy', /^cannot install (eroute -- it is|kernel policy .*;) in use (for|by) /],
];

/** Reads pluto's log of one connection. */
export function readPlutoLog(all: readonly LogLine[]): IkeReading {
  const lines = all
    .filter(({ program }) => program === plutoProgram)
    .map((line) => ({ ...line, text: line.text.replace(prefix, '') }));
  const refusedBy = firstLine(lines, established) ? refusedInPhase2 : refusedInPhase1;
  const stages = [...stagesIn(lines, completedBy, refusedBy), ...skippedNatDetection(lines)];
  const phase1 = chosenInPhase1(lines);
  const sa = latestIpsecSa(lines);
  const natTraversal = sharedRevision(lines);
  return {
    stages,
    ...(isDone({ stages }, 'nat-detection') && { natSeen: natSeen(lines) }),
    ...(natTraversal !== undefined && { natTraversal }),
    ...(phase1 !== undefined && { phase1 }),
    ...(sa && { phase2: sa.transform, spis: sa.spis }),
    unanswered: unanswered(lines),
  };
}

/** The message that answers keys was sent, and nothing about NAT was found in them. */
function skippedNatDetection(lines: readonly LogLine[]): StageSeen[] {
  const answered = firstLine(lines, /^sent Main Mode (I3|R2)$/);
  if (!answered || firstLine(lines, /^\| NAT_TRAVERSAL that end is /)) return [];
  return [{ stage: 'nat-detection', state: 'skipped', at: answered.at, detail: 'no NAT-D payload came' }];
}

function natSeen(lines: readonly LogLine[]): NonNullable<PeerObservation['natSeen']> {
  return {
    localBehindNat: firstLine(lines, /^\| NAT_TRAVERSAL this end is behind NAT/) !== undefined,
    peerBehindNat: firstLine(lines, /^\| NAT_TRAVERSAL that end is behind NAT/) !== undefined,
  };
}

/** pluto's names (its vendor ID table) and ours. */
const revisions: Readonly<Record<string, string>> = {
  'RFC 3947': 'rfc3947',
  'draft-ietf-ipsec-nat-t-ike-03': 'draft-03',
  'draft-ietf-ipsec-nat-t-ike-02_n': 'draft-02n',
  'draft-ietf-ipsec-nat-t-ike-02': 'draft-02',
};

/** The best that the peer named, where pluto makes use of it. */
function sharedRevision(lines: readonly LogLine[]): string | undefined {
  if (!firstLine(lines, /^\| (enabling|flagging) possible NAT-traversal with method /)) return undefined;
  const best = lines
    .map(({ text }) => /qnat_traversal_vid set to=\d+ \[(.+)\]$/.exec(text)?.[1])
    .findLast((name) => name !== undefined);
  return best === undefined ? undefined : (revisions[best] ?? best);
}

function chosenInPhase1(lines: readonly LogLine[]): string | undefined {
  const line = firstLine(lines, established)?.text ?? '';
  const [, cipher, hash, group] = / cipher=(\S+) integ=(\S+) group=(\w+)/.exec(line) ?? [];
  return cipher === undefined ? undefined : words([cipher, hash, group]);
}

/** Of the latest: a rekeyed one follows the first. A responder tells of it twice. */
function latestIpsecSa(lines: readonly LogLine[]) {
  const pattern = / transport mode \{ESP(?:inUDP)?=>0x([0-9a-f]+) <0x([0-9a-f]+) xfrm=(\w+)-(\w+)/;
  const found = lines.map(({ text }) => pattern.exec(text)).findLast((match) => match !== null);
  if (!found) return undefined;
  const [, outbound = '', inbound = '', cipher, hash] = found;
  return {
    spis: { inbound: Number.parseInt(inbound, 16), outbound: Number.parseInt(outbound, 16) },
    transform: words([cipher, hash]),
  };
}

/** `3DES_CBC_192`, `HMAC_SHA1_96` and `MODP1536` in the words of records: `3des-sha1-modp1536`. */
function words(names: readonly (string | undefined)[]): string {
  // A combined cipher needs no hash beside it.
  return names
    .filter((name) => name !== 'NONE')
    .map((name = '') => {
      const aes = /^AES_(?:CBC|(CTR|GCM_16))_(\d+)$/.exec(name);
      const hash = /^HMAC_(?:(MD5|SHA1)|SHA2_(\d+))(?:_\d+)?$/.exec(name);
      const group = Object.entries(numberedGroups).find(([, number]) => number === name.toLowerCase());
      if (aes) return `aes${aes[2]}${(aes[1] ?? '').replace('_', '').toLowerCase()}`;
      if (group) return group[0];
      if (hash) return hash[1]?.toLowerCase() ?? `sha${hash[2]}`;
      return name.replace(/^3DES_CBC(_192)?$/, '3des').toLowerCase();
    })
    .join('-');
}

/** What an initiator in this state has sent (RFC 2409 5.4, 5.5; pluto's state names). */
const initiatorMessages: Readonly<Record<string, string>> = {
  MAIN_I1: 'main mode message 1',
  MAIN_I2: 'main mode message 3',
  MAIN_I3: 'main mode message 5',
  QUICK_I1: 'quick mode message 1',
};

/** The request that was repeated last and that nothing answered, not even a notification that pluto ignores. */
function unanswered(lines: readonly LogLine[]): IkeReading['unanswered'] {
  let request = '';
  let transmissions = 1;
  for (const { text } of lines) {
    const state = /^STATE_(\w+): retransmission; will wait /.exec(text)?.[1];
    const message = state === undefined ? undefined : initiatorMessages[state];
    if (message !== undefined) {
      transmissions = message === request ? transmissions + 1 : 2;
      request = message;
    } else if (/^sent (Main|Quick) Mode |informational payload |SA established /.test(text)) {
      request = '';
      transmissions = 1;
    }
  }
  return transmissions > 1 ? [{ what: request, transmissions }] : [];
}
