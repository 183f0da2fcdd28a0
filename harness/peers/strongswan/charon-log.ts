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

export const charonProgram = 'charon';

/** The IKE SA that a line names, `05[IKE] <l2tp|1> …`, by its number; `<1>` while no connection is chosen. */
export function namesIkeSa(text: string): string | undefined {
  return /^\d+\[\w+\] <(?:[^>]*\|)?(\d+)> /.exec(text)?.[1];
}

/** Lines of charon 5.9.8 and 6.0.1, log level 1, without thread, group and SA. */
const completedBy: readonly StageLine[] = [
  ['reach', /^received packet: from /],
  ['nat-detection', /^parsed (ID_PROT|AGGRESSIVE) (request|response) 0 \[.* NAT-D /],
  ['phase1', /^IKE_SA \S+ established between /],
  ['phase2', /^CHILD_SA \S+ established with SPIs /],
];

const refusedInPhase1: readonly RefusalLine[] = [
  ['phase1', 'no-policy', /^no IKE config found for |^no peer config found$/],
  ['phase1', 'no-proposal-chosen', /^no proposal found$|^received NO_PROPOSAL_CHOSEN error notify$/],
  ['phase1', 'id-mismatch', /^IDir '.*' does not match to /],
  ['phase1', 'auth-failed', /^calculated HASH does not match HASH payload$/],
  ['phase1', 'auth-failed', /^no shared key found for |^received AUTHENTICATION_FAILED error notify$/],
];
const refusedInPhase2: readonly RefusalLine[] = [
  ['phase2', 'no-proposal-chosen', /^no matching proposal found|^received NO_PROPOSAL_CHOSEN error notify$/],
  ['phase2', 'id-mismatch', /^no matching CHILD_SA config found for /],
  ['phase2', 'id-mismatch', /^received INVALID_ID_INFORMATION error notify$/],
];

/** Reads charon's log of one connection. */
export function readCharonLog(all: readonly LogLine[]): IkeReading {
  const lines = all
    .filter(({ program }) => program === charonProgram)
    .map((line) => ({ ...line, text: line.text.replace(/^\d+\[\w+\] (<[^>]+> )?/, '') }));
  const inPhase1 = !firstLine(lines, /^IKE_SA \S+ established between /);
  const stages = [
    ...stagesIn(lines, completedBy, inPhase1 ? refusedInPhase1 : refusedInPhase2),
    ...skippedNatDetection(lines),
    ...unreadableMessage5(lines),
  ];
  const chosen = (protocol: 'IKE' | 'ESP') => {
    const pattern = new RegExp(`^selected proposal: ${protocol}:(\\S+)$`);
    const proposal = pattern.exec(firstLine(lines, pattern)?.text ?? '')?.[1];
    // Of a group for PFS no record tells.
    const ownPart = protocol === 'ESP' ? proposal?.replace(/\/(MODP|ECP)_\d+/, '') : proposal;
    return ownPart === undefined ? undefined : transform(ownPart);
  };
  const phase1 = chosen('IKE');
  const phase2 = chosen('ESP');
  const natTraversal = sharedRevision(lines);
  const spis = childSpis(lines);
  return {
    stages,
    ...(isDone({ stages }, 'nat-detection') && { natSeen: natSeen(lines) }),
    ...(natTraversal !== undefined && { natTraversal }),
    ...(phase1 !== undefined && { phase1 }),
    ...(phase2 !== undefined && { phase2 }),
    ...(spis && { spis }),
    unanswered: unanswered(lines),
  };
}

/** Keys were exchanged, and no NAT-D payload was among them. */
function skippedNatDetection(lines: readonly LogLine[]): StageSeen[] {
  const keys = firstLine(lines, /^parsed ID_PROT (request|response) 0 \[ KE /);
  if (!keys || / NAT-D /.test(keys.text)) return [];
  return [{ stage: 'nat-detection', state: 'skipped', at: keys.at, detail: 'no NAT-D payload came' }];
}

function natSeen(lines: readonly LogLine[]): NonNullable<PeerObservation['natSeen']> {
  return {
    localBehindNat: firstLine(lines, /^local host is behind NAT/) !== undefined,
    peerBehindNat: firstLine(lines, /^remote host is behind NAT/) !== undefined,
  };
}

/**
 * What a responder sees of a key that is not the other's (RFC 2409 5.4): message 5, encrypted under it, is
 * noise. A client sees noise too, but of an answer that anybody may have sent: it goes on asking.
 */
function unreadableMessage5(lines: readonly LogLine[]): StageSeen[] {
  const keys = lines.findIndex(({ text }) => /^parsed ID_PROT request 0 \[ KE /.test(text));
  if (keys === -1) return [];
  const after = lines.slice(keys);
  const failed = firstLine(after, /^ID_PROT request with message ID 0 processing failed$/);
  if (!failed || firstLine(after, /^IKE_SA \S+ established between /)) return [];
  const complaint = firstLine(after, /decryption failed\?$|could not decrypt payloads|verification failed$/);
  const detail = `message 5: ${complaint?.text ?? failed.text}`;
  return [{ stage: 'phase1', state: 'stopped', reason: 'auth-failed', at: failed.at, detail }];
}

/** In the order in which charon prefers them (its vendor ID table); it takes no other draft. */
const revisions: readonly (readonly [name: string, line: RegExp])[] = [
  ['rfc3947', /^received NAT-T \(RFC 3947\) vendor ID$/],
  ['draft-03', /^received draft-ietf-ipsec-nat-t-ike-03 vendor ID$/],
  ['draft-02', /^received draft-ietf-ipsec-nat-t-ike-02 vendor ID$/],
  ['draft-02n', /^received draft-ietf-ipsec-nat-t-ike-02\\n vendor ID$/],
];

function sharedRevision(lines: readonly LogLine[]): string | undefined {
  return revisions.find(([, line]) => firstLine(lines, line))?.[0];
}

/** Of the latest CHILD_SA: a rekeyed one follows the first. */
function childSpis(lines: readonly LogLine[]): PeerObservation['spis'] {
  const pattern = /^CHILD_SA \S+ established with SPIs ([0-9a-f]+)_i ([0-9a-f]+)_o /;
  const found = lines.map(({ text }) => pattern.exec(text)).findLast((match) => match !== null);
  if (!found) return undefined;
  const [inbound, outbound] = [found[1] ?? '', found[2] ?? ''].map((spi) => Number.parseInt(spi, 16));
  return inbound === undefined || outbound === undefined ? undefined : { inbound, outbound };
}

/** `3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024` in the words of records: `3des-sha1-modp1024`. */
export function transform(proposal: string): string {
  const names = proposal.split('/').flatMap((part) => {
    const aes = /^AES_(?:CBC|(CTR|GCM_16))_(\d+)$/.exec(part);
    const sha2 = /^HMAC_SHA2_(256_96|\d+)/.exec(part);
    const hash = /^HMAC_(MD5|SHA1)_\d+$/.exec(part);
    const cipher = /^(3DES|DES|NULL)(_CBC)?$/.exec(part);
    if (/^PRF_|^NO_EXT_SEQ$/.test(part)) return [];
    if (part === 'EXT_SEQ') return ['esn'];
    if (aes) return [`aes${aes[2]}${(aes[1] ?? '').replace('_', '').toLowerCase()}`];
    if (sha2) return [`sha${sha2[1]}`];
    return [(hash?.[1] ?? cipher?.[1] ?? part.replace('_', '')).toLowerCase()];
  });
  return names.join('-');
}

/** The request that was repeated last and that no response followed. */
function unanswered(lines: readonly LogLine[]): IkeReading['unanswered'] {
  let request = '';
  let transmissions = 1;
  for (const { text } of lines) {
    const sent = /^generating (ID_PROT|QUICK_MODE) request \d+ \[ (.*) \]$/.exec(text);
    const again = /^sending retransmit (\d+) of request message ID /.exec(text);
    if (sent) request = messageName(sent[1] ?? '', sent[2] ?? '');
    if (again) transmissions = Number(again[1]) + 1;
    else if (sent || /^parsed (ID_PROT|QUICK_MODE) response /.test(text)) transmissions = 1;
  }
  return transmissions > 1 ? [{ what: request, transmissions }] : [];
}

/** An initiator's messages by their payloads (RFC 2409 5.4, 5.5). */
function messageName(exchange: string, payloads: string): string {
  if (exchange === 'QUICK_MODE') return `quick mode message ${/\bSA\b/.test(payloads) ? 1 : 3}`;
  if (/\bSA\b/.test(payloads)) return 'main mode message 1';
  return `main mode message ${/\bKE\b/.test(payloads) ? 3 : 5}`;
}
