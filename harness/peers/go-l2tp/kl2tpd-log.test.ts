import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogLine } from '../linux/peer-log.ts';
import { linesOf, logLines } from '../linux/testing/log-text.ts';
import { kl2tpdOutcome, readKl2tpdLog, shutDown } from './kl2tpd-log.ts';

const fixture = (file: string) => logLines(readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'));
const said = (...texts: string[]) => linesOf('kl2tpd', ...texts);
const upTo = (lines: readonly LogLine[], pattern: RegExp) =>
  lines.slice(0, lines.findIndex(({ text }) => pattern.test(text)) + 1);

// A connection with xl2tpd, whose log has the same ids the other way round: tunnel 34700, call 34944.
const whole = fixture('client.log');
// An LNS that was stopped when the SCCRQ came.
const silent = fixture('silent-lns.log');

test('reads tunnel and session, and why there is no PPP', () => {
  const { stages, ...others } = readKl2tpdLog(whole);
  expect(stages).toMatchObject([
    { stage: 'l2tp-tunnel', state: 'done' },
    { stage: 'l2tp-session', state: 'done' },
    {
      stage: 'ppp-lcp',
      state: 'stopped',
      reason: 'no-data-plane',
      detail: 'failed to create PPPoL2TP socket: failed to connect pppox socket: no such file or directory',
    },
  ]);
  expect(others).toEqual({
    ids: { tunnelId: 2333, peerTunnelId: 34700, sessionId: 40800, peerSessionId: 34944 },
    // RFC 2661 4.4.2: administrative reasons.
    callEnd: { by: 'self', resultCode: 3 },
    dns: [],
    unanswered: [],
  });
});

test('a tunnel is done when the LNS has acknowledged SCCCN, a session with its ICCN', () => {
  const stagesUpTo = (pattern: RegExp) =>
    readKl2tpdLog(upTo(whole, pattern)).stages.map(({ stage }) => stage);
  expect(stagesUpTo(/message=send message_type=avpMsgTypeScccn ns=/)).toEqual([]);
  expect(stagesUpTo(/^level=info tunnel_name=office message="data plane established"/)).toEqual([
    'l2tp-tunnel',
  ]);
  expect(stagesUpTo(/message=send message_type=avpMsgTypeIccn ns=/)).toEqual(['l2tp-tunnel']);
  expect(stagesUpTo(/message="session up"/)).toEqual(['l2tp-tunnel', 'l2tp-session']);
});

test('says nothing of what the log does not show', () => {
  expect(readKl2tpdLog([])).toEqual({ stages: [], dns: [], unanswered: [] });
  const others = whole.map((line) => ({ ...line, program: 'charon' }));
  expect(readKl2tpdLog(others)).toEqual({ stages: [], dns: [], unanswered: [] });
});

test('silence is told by the message that waits, and how often it was sent', () => {
  expect(readKl2tpdLog(silent)).toEqual({
    stages: [],
    dns: [],
    unanswered: [{ what: 'SCCRQ', transmissions: 3 }],
  });
  const once = upTo(silent, /isRetransmit=false/);
  expect(readKl2tpdLog(once).unanswered).toEqual([]);
});

test('a message that was answered at last is not unanswered', () => {
  const complete = 'level=debug tunnel_name=office function=transport message="send complete"';
  const answered = said(`${complete} message_type=avpMsgTypeSccrq error=null`);
  const waiting = upTo(silent, /isRetransmit=true/);
  expect(readKl2tpdLog(waiting).unanswered).toEqual([{ what: 'SCCRQ', transmissions: 2 }]);
  expect(readKl2tpdLog([...waiting, ...answered]).unanswered).toEqual([]);
});

// As it logs any message that comes (transport.go, processRxQueue).
const came = (type: string) =>
  said(`level=debug tunnel_name=office function=transport message=recv message_type=avpMsgType${type}`);

test('a CDN that came first is not its own, one that came second changes nothing', () => {
  const up = upTo(whole, /message="session up"/);
  expect(readKl2tpdLog([...up, ...came('Cdn')]).callEnd).toEqual({ by: 'peer' });
  expect(readKl2tpdLog([...up, ...came('Cdn'), ...whole]).callEnd).toEqual({ by: 'peer', resultCode: 3 });
  expect(readKl2tpdLog([...whole, ...came('Cdn')]).callEnd).toEqual({ by: 'self', resultCode: 3 });
});

test('an attempt ends with its session or tunnel, and not before', () => {
  expect(kl2tpdOutcome(whole)).toBe('ended');
  expect(kl2tpdOutcome(upTo(whole, /message="session down"/))).toBeUndefined();
  expect(kl2tpdOutcome(upTo(whole, /session_name=call message=close$/))).toBe('ended');
  expect(kl2tpdOutcome(silent)).toBe('ended');
  expect(kl2tpdOutcome(upTo(silent, /isRetransmit=true/))).toBeUndefined();
  // It waits half a minute more when an LNS refuses its tunnel (RFC 2661 5.7); the attempt does not.
  expect(kl2tpdOutcome(came('Stopccn'))).toBe('ended');
  expect(kl2tpdOutcome(came('Sccrp'))).toBeUndefined();
});

test('it has hung up for good when it ends', () => {
  expect(whole.filter(({ text }) => shutDown.test(text))).toHaveLength(1);
});
