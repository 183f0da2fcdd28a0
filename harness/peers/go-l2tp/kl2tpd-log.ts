import type { PeerObservation } from '../../observation.ts';
import type { LogLine } from '../linux/peer-log.ts';
import {
  firstLine,
  type L2tpReading,
  type RefusalLine,
  type StageLine,
  type StageSeen,
  stagesIn,
} from '../linux/reading.ts';

export const kl2tpdProgram = 'kl2tpd';

/** Lines of kl2tpd 0.1.8 (logfmt). A message is complete when the LNS has acknowledged it. */
const completedBy: readonly StageLine[] = [
  ['l2tp-tunnel', /^level=info tunnel_name=\S+ message="control plane established"$/],
  ['l2tp-session', /^level=info message="session up" /],
];

/** It asks the kernel for the PPP channel of a session that the kernel knows nothing of. */
const refusedBy: readonly RefusalLine[] = [
  ['ppp-lcp', 'no-data-plane', /^level=error message="failed to create pppol2tp instance" /],
];

/** What ends an attempt: its session or its tunnel is closed, or will be since nobody answers, or the LNS wants that. */
const endedBy: readonly RegExp[] = [
  / message=close$/,
  / message="transport down" /,
  / message=recv message_type=avpMsgTypeStopccn$/,
];

/** The LNS has acknowledged the StopCCN, or will not any more, and kl2tpd ends. */
export const shutDown = /^level=info message="graceful shutdown complete"$/;

/** Reads the log of one connection. */
export function readKl2tpdLog(all: readonly LogLine[]): L2tpReading {
  const lines = ownLines(all);
  const ids = connectionIds(lines);
  const callEnd = endOfCall(lines);
  return {
    stages: stagesIn(lines, completedBy, refusedBy).map(inItsOwnWords),
    ...(ids && { ids }),
    ...(callEnd && { callEnd }),
    dns: [],
    unanswered: unanswered(lines),
  };
}

/** It never comes further than to a session, so that every attempt has an end. */
export function kl2tpdOutcome(all: readonly LogLine[]): 'ended' | undefined {
  const lines = ownLines(all);
  return endedBy.some((pattern) => firstLine(lines, pattern)) ? 'ended' : undefined;
}

function ownLines(all: readonly LogLine[]): LogLine[] {
  return all.filter(({ program }) => program === kl2tpdProgram);
}

/** Of a line that refuses, the error that it names. */
function inItsOwnWords(stage: StageSeen): StageSeen {
  const error = / error="(.*)"$/.exec(stage.detail ?? '')?.[1];
  return error === undefined ? stage : { ...stage, detail: error };
}

/** Told all at once when the session is up. */
function connectionIds(lines: readonly LogLine[]): PeerObservation['l2tp'] {
  const text = firstLine(lines, /^level=info message="session up" /)?.text;
  if (text === undefined) return undefined;
  const id = (key: string) => Number(new RegExp(` ${key}=(\\d+)`).exec(text)?.[1]);
  return {
    tunnelId: id('tunnel_id'),
    peerTunnelId: id('peer_tunnel_id'),
    sessionId: id('session_id'),
    peerSessionId: id('peer_session_id'),
  };
}

const sessionDown = /^level=info message="session down" result="result (\d+) /;

/** Who sent the first CDN, and the Result Code that ended the call: SoftEther answers a CDN with another. */
function endOfCall(lines: readonly LogLine[]): PeerObservation['callEnd'] {
  const cdn = / message=(send|recv) message_type=avpMsgTypeCdn$/;
  const first = cdn.exec(firstLine(lines, cdn)?.text ?? '')?.[1];
  if (first === undefined) return undefined;
  const code = sessionDown.exec(firstLine(lines, sessionDown)?.text ?? '')?.[1];
  return { by: first === 'send' ? 'self' : 'peer', ...(code !== undefined && { resultCode: Number(code) }) };
}

const sent = / message=send message_type=avpMsgType(\w+) ns=\d+ nr=\d+ isRetransmit=(true|false)$/;

/** The messages that were sent again and never acknowledged (RFC 2661 5.8), by the names of the RFC. */
function unanswered(lines: readonly LogLine[]): L2tpReading['unanswered'] {
  const transmissions = new Map<string, number>();
  for (const { text } of lines) {
    const [, name, again] = sent.exec(text) ?? [];
    const acknowledged = / message="send complete" message_type=avpMsgType(\w+) error=null$/.exec(text)?.[1];
    // An acknowledgement is not acknowledged itself.
    if (name !== undefined && name !== 'Ack') {
      transmissions.set(name, again === 'true' ? (transmissions.get(name) ?? 0) + 1 : 1);
    }
    if (acknowledged !== undefined) transmissions.delete(acknowledged);
  }
  return [...transmissions]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => ({
      what: name === 'Stopccn' ? 'StopCCN' : name.toUpperCase(),
      transmissions: count,
    }));
}
