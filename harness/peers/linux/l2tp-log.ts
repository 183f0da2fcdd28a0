import type { PeerObservation } from '../../observation.ts';
import type { LogLine } from './peer-log.ts';
import type { L2tpReading, RefusalLine, StageLine, StageSeen } from './reading.ts';
import { firstLine, isDone, stagesIn } from './reading.ts';
import { maximumRetries } from './xl2tpd.ts';

/** The programs that the reader knows: pppd speaks on the outputs of xl2tpd, which starts it. */
export const l2tpProgram = 'xl2tpd';

/** Lines of xl2tpd 1.3.18 and of pppd 2.4.9 with `debug`. */
const completedBy: readonly StageLine[] = [
  ['l2tp-tunnel', /: Connection established to /],
  ['l2tp-session', /: Call established with /],
  ['ppp-auth', /^(CHAP|PAP) authentication succeeded|^sent \[(CHAP Success|PAP AuthAck) /],
  ['ppp-ipcp', /^remote IP address /],
];

const refusedBy: readonly RefusalLine[] = [
  ['l2tp-tunnel', 'tunnel-id-taken', /: Peer requested tunnel \d+ twice, ignoring second one/],
  ['l2tp-session', 'pool-exhausted', /Out of (local )?IP addresses on tunnel/],
  ['ppp-lcp', 'ppp-refused', /^peer refused to authenticate/],
  ['ppp-auth', 'ppp-auth-failed', /failed CHAP authentication$|^CHAP authentication failed$/],
  ['ppp-auth', 'ppp-auth-failed', /^No CHAP secret found for authenticating /],
  ['ppp-ipcp', 'ppp-refused', /^Peer (is not authorized to use remote address|refused to agree to our IP)/],
];

/** pppd gives up asking, but goes on listening: xl2tpd starts it with `passive`. */
const noAnswerToLcp = /^LCP: timeout sending Config-Requests/;

/** What ends a client's attempt behind IPsec, whether a refusal or not. */
const endedBy: readonly RegExp[] = [
  /Maximum retries exceeded for tunnel/,
  /: Connection (\d+ )?closed to /,
  /pppd exited for call|^Connection terminated\./,
  noAnswerToLcp,
  /^Script .*ip-up finished .*status = 0x[1-9a-f]/,
];

/** The CDN that ends a call, as its sender and its receiver tell of it: the Call Serial Number is any 32 bits, with a sign. */
const cdnSent = /: Call \d+ to \S+ disconnected$/;
const cdnCame = /: Connection closed to \S+, serial -?\d+ /;

/** A call has ended, whichever side said so first; the tunnel has. */
export const callEnded = new RegExp(`${cdnSent.source}|${cdnCame.source}`);
export const tunnelClosed = /: Connection \d+ closed to /;

/** pppd has run the script that sets the routes: the last thing that it does when a link comes up. */
const upBy = /^Script .*ip-up finished .*status = 0x0$/;

/** Reads the log of one connection. */
export function readL2tpLog(all: readonly LogLine[]): L2tpReading {
  const lines = all.filter(({ program }) => program === l2tpProgram);
  const value = (pattern: RegExp) => pattern.exec(firstLine(lines, pattern)?.text ?? '')?.[1];
  const innerAddress = value(/^local {2}IP address (\S+)$/);
  const peerInnerAddress = value(/^remote IP address (\S+)$/);
  const dns = [value(/^primary {3}DNS address (\S+)$/), value(/^secondary DNS address (\S+)$/)];
  const stages = [...stagesIn(lines, completedBy, refusedBy), ...lcpOpened(lines)];
  const ids = connectionIds(lines);
  const callEnd = endOfCall(lines);
  return {
    stages,
    ...(ids && { ids }),
    ...(callEnd && { callEnd }),
    ...(innerAddress === undefined ? {} : { innerAddress }),
    ...(peerInnerAddress === undefined ? {} : { peerInnerAddress }),
    // pppd asks for two, and a server that has one gives it twice.
    dns: [...new Set(dns.filter((address) => address !== undefined))],
    unanswered: unanswered(lines, stages),
  };
}

/** Who sent the CDN; of one that came, xl2tpd tells the Result Code (with `debug avp`) right before it. */
function endOfCall(lines: readonly LogLine[]): PeerObservation['callEnd'] {
  const end = lines.findIndex(({ text }) => cdnSent.test(text) || cdnCame.test(text));
  if (end === -1) return undefined;
  if (cdnSent.test(lines[end]?.text ?? '')) return { by: 'self' };
  const pattern = /^xl2tpd\[\d+\]: result_code_avp: peer closing for reason (\d+) /;
  const codes = lines.slice(0, end).map(({ text }) => pattern.exec(text)?.[1]);
  const resultCode = codes.findLast((code) => code !== undefined);
  return { by: 'peer', ...(resultCode !== undefined && { resultCode: Number(resultCode) }) };
}

/** The tunnel that a line of xl2tpd or pppd names, by the id that this end gave it. */
export function namesTunnel(text: string): string | undefined {
  const patterns = [
    /: Connection established to .* Local: (\d+),/,
    /: Maximum retries exceeded for tunnel (\d+)\./,
    /^PPPoL2TP options: lnsmode tid (\d+) /,
  ];
  return patterns.map((pattern) => pattern.exec(text)?.[1]).find((id) => id !== undefined);
}

/** How a client's attempt behind IPsec came out, as soon as the log shows it. */
export function l2tpOutcome(lines: readonly LogLine[]): 'up' | 'ended' | undefined {
  const own = lines.filter(({ program }) => program === l2tpProgram);
  if (firstLine(own, upBy)) return 'up';
  return endedBy.some((pattern) => firstLine(own, pattern)) ? 'ended' : undefined;
}

/** LCP is open when each side's settings are acknowledged (RFC 1661 4.2). */
function lcpOpened(lines: readonly LogLine[]): StageSeen[] {
  const acknowledged = [/^sent \[LCP ConfAck /, /^rcvd \[LCP ConfAck /].map(
    (ack) => firstLine(lines, ack)?.at,
  );
  const [ours, theirs] = acknowledged;
  if (ours === undefined || theirs === undefined) return [];
  return [{ stage: 'ppp-lcp', state: 'done', at: Math.max(ours, theirs) }];
}

/** The latest tunnel and its call: each end says which ids it gave itself (RFC 2661 4.4.3, 4.4.4). */
function connectionIds(lines: readonly LogLine[]): PeerObservation['l2tp'] {
  const pair = (established: RegExp) => {
    const { text } = lines.findLast((line) => established.test(line.text)) ?? { text: '' };
    const [, own, peer] = /\bLocal: (\d+), Remote: (\d+)/.exec(text) ?? [];
    return own === undefined || peer === undefined ? undefined : { own: Number(own), peer: Number(peer) };
  };
  const tunnel = pair(/: Connection established to /);
  const session = pair(/: Call established with /);
  if (!tunnel) return undefined;
  return {
    tunnelId: tunnel.own,
    peerTunnelId: tunnel.peer,
    ...(session && { sessionId: session.own, peerSessionId: session.peer }),
  };
}

/** Both tell of silence only when they give up: pppd after ten requests, xl2tpd after as many as it was told. */
function unanswered(lines: readonly LogLine[], stages: readonly StageSeen[]): L2tpReading['unanswered'] {
  if (firstLine(lines, noAnswerToLcp)) {
    const { length } = lines.filter(({ text }) => /^sent \[LCP ConfReq /.test(text));
    return [{ what: 'LCP Configure-Request', transmissions: length }];
  }
  if (!firstLine(lines, /Maximum retries exceeded for tunnel/)) return [];
  if (isDone({ stages }, 'l2tp-session')) return [];
  const what = isDone({ stages }, 'l2tp-tunnel') ? 'ICRQ' : 'SCCRQ';
  return [{ what, transmissions: maximumRetries }];
}
