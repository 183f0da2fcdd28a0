import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callEnded, l2tpOutcome, namesTunnel, readL2tpLog, tunnelClosed } from './l2tp-log.ts';
import { linesOf, logLines } from './testing/log-text.ts';

const fixture = (role: string) =>
  logLines(readFileSync(join(import.meta.dirname, `../strongswan/fixtures/${role}.log`), 'utf8'));
const said = (...texts: string[]) => linesOf('xl2tpd', ...texts);
const xl2tpd = 'xl2tpd[766]: ';

// The addresses are those that the How-To's user database, the office's LAN and its server have; the client hung up.
test.each([
  [
    'client',
    {
      ids: { tunnelId: 21039, peerTunnelId: 37428, sessionId: 46377, peerSessionId: 8027 },
      callEnd: { by: 'self' },
      innerAddress: '192.168.8.50',
      peerInnerAddress: '192.168.2.1',
      dns: ['192.168.2.10'],
    },
  ],
  [
    'responder',
    {
      ids: { tunnelId: 37428, peerTunnelId: 21039, sessionId: 8027, peerSessionId: 46377 },
      callEnd: { by: 'peer' },
      innerAddress: '192.168.2.1',
      peerInnerAddress: '192.168.8.50',
      dns: [],
    },
  ],
])('reads a whole connection at the %s', (role, addresses) => {
  const { stages, ...others } = readL2tpLog(fixture(role));
  expect(others).toEqual({ ...addresses, unanswered: [] });
  expect(stages.map(({ stage, state }) => `${stage} ${state}`).sort()).toEqual([
    'l2tp-session done',
    'l2tp-tunnel done',
    'ppp-auth done',
    'ppp-ipcp done',
    'ppp-lcp done',
  ]);
});

test('says nothing of what the log does not show', () => {
  expect(readL2tpLog([])).toEqual({ stages: [], dns: [], unanswered: [] });
  expect(readL2tpLog(linesOf('charon', 'xl2tpd[1]: Connection established to 1.2.3.4'))).toMatchObject({
    stages: [],
  });
});

test('LCP is open when both sides acknowledged, not before', () => {
  const one = ['sent [LCP ConfAck id=0x1 <mru 1400>]'];
  expect(readL2tpLog(said(...one)).stages).toEqual([]);
  const both = readL2tpLog(said(...one, 'sent [LCP ConfReq id=0x1]', 'rcvd [LCP ConfAck id=0x1 <mru 1400>]'));
  expect(both.stages).toEqual([{ stage: 'ppp-lcp', state: 'done', at: 2 }]);
});

// Lines of pppd 2.4.9 for a wrong password, at the client and at the responder.
test.each([
  [['CHAP authentication failed: Access denied', 'CHAP authentication failed'], 'CHAP authentication failed'],
  [['Peer dialin1 failed CHAP authentication'], 'Peer dialin1 failed CHAP authentication'],
])('a wrong password stops at authentication: %j', (texts, detail) => {
  expect(readL2tpLog(said(...texts)).stages).toMatchObject([
    { stage: 'ppp-auth', state: 'stopped', reason: 'ppp-auth-failed', detail },
  ]);
});

test('a tunnel with an id that another one from the same address has is not made', () => {
  const refusal = `${xl2tpd}control_finish: Peer requested tunnel 1 twice, ignoring second one.`;
  expect(readL2tpLog(said(refusal)).stages).toMatchObject([
    { stage: 'l2tp-tunnel', state: 'stopped', reason: 'tunnel-id-taken', detail: refusal },
  ]);
  const made = `${xl2tpd}Connection established to 198.18.1.10, 1701.  Local: 41, Remote: 1 (ref=0/0).`;
  expect(readL2tpLog(said(made, refusal)).stages.map(({ state }) => state)).toEqual(['done']);
});

test('a client that will not be asked for a password stops at LCP', () => {
  expect(readL2tpLog(said('peer refused to authenticate: terminating link')).stages).toMatchObject([
    { stage: 'ppp-lcp', state: 'stopped', reason: 'ppp-refused' },
  ]);
});

test('silence is told by the message that waits', () => {
  const gaveUp = `${xl2tpd}Maximum retries exceeded for tunnel 41.  Closing.`;
  const established = `${xl2tpd}Connection established to 198.18.2.10, 1701.  Local: 41, Remote: 7 (ref=0/0).`;
  const call = `${xl2tpd}Call established with 198.18.2.10, Local: 2, Remote: 3, Serial: 1 (ref=0/0)`;
  const unanswered = (...texts: string[]) => readL2tpLog(said(...texts)).unanswered;
  expect(unanswered(gaveUp)).toEqual([{ what: 'SCCRQ', transmissions: 3 }]);
  expect(unanswered(established, gaveUp)).toEqual([{ what: 'ICRQ', transmissions: 3 }]);
  expect(unanswered(established, call, gaveUp)).toEqual([]);
  expect(unanswered(established)).toEqual([]);
});

// Lines of pppd 2.4.9 whose peer's packets went elsewhere.
test('LCP that nobody answers is told when pppd gives it up', () => {
  const requests = Array.from({ length: 10 }, () => 'sent [LCP ConfReq id=0x1 <mru 1400>]');
  const gaveUp = 'LCP: timeout sending Config-Requests';
  expect(readL2tpLog(said(...requests)).unanswered).toEqual([]);
  expect(readL2tpLog(said(...requests, gaveUp)).unanswered).toEqual([
    { what: 'LCP Configure-Request', transmissions: 10 },
  ]);
  expect(l2tpOutcome(said(...requests))).toBeUndefined();
  expect(l2tpOutcome(said(...requests, gaveUp))).toBe('ended');
});

test('a tunnel without a call has no session', () => {
  const tunnel = `${xl2tpd}Connection established to 198.18.2.10, 1701.  Local: 41, Remote: 7 (ref=0/0).`;
  expect(readL2tpLog(said(tunnel)).ids).toEqual({ tunnelId: 41, peerTunnelId: 7 });
});

// Of one tunnel, at a responder.
test('a line names the tunnel by the id of this end', () => {
  for (const text of [
    `${xl2tpd}Connection established to 198.18.1.10, 1701.  Local: 37428, Remote: 21039 (ref=0/0).  LNS session is 'default'`,
    `${xl2tpd}Maximum retries exceeded for tunnel 37428.  Closing.`,
    'PPPoL2TP options: lnsmode tid 37428 sid 8027 debugmask 0',
  ]) {
    expect(namesTunnel(text)).toBe('37428');
  }
  expect(
    namesTunnel(`${xl2tpd}Call established with 198.18.1.10, PID: 794, Local: 8027, Remote: 46377`),
  ).toBe(undefined);
});

test('a client is up when the routes are set, and at an end when anything says so', () => {
  const whole = fixture('client');
  expect(l2tpOutcome(whole)).toBe('up');
  const routed = whole.findIndex(({ text }) => text.includes('ip-up finished'));
  expect(l2tpOutcome(whole.slice(0, routed))).toBeUndefined();
  for (const text of [
    'Script /run/crossnat/ip-up finished (pid 797), status = 0x2',
    'Connection terminated.',
    `${xl2tpd}child_handler : pppd exited for call 8027 with code 19`,
    `${xl2tpd}control_finish: Connection closed to 198.18.2.10, port 1701 (No), Local: 1, Remote: 2`,
    `${xl2tpd}Maximum retries exceeded for tunnel 41.  Closing.`,
  ]) {
    expect(l2tpOutcome(said(text))).toBe('ended');
  }
});

// As an LNS logged them of kl2tpd, which hung up; the text of the code is xl2tpd's, of another list.
const hungUp = [
  `${xl2tpd}message_type_avp: message type 14 (Call-Disconnect-Notify)`,
  `${xl2tpd}result_code_avp: peer closing for reason 3 (Control channel already exists), error = 0 ()`,
  `${xl2tpd}assigned_call_avp: using peer's call 40800`,
  `${xl2tpd}control_finish: Connection closed to 198.18.1.10, serial -574181110 ()`,
];
const tunnelHungUp = [
  `${xl2tpd}result_code_avp: peer closing for reason 1 (General request to clear control connection), error = 0 ()`,
  `${xl2tpd}control_finish: Connection closed to 198.18.1.10, port 1701 (), Local: 34700, Remote: 2333`,
];

test('who ended a call, and the result code of a CDN that came', () => {
  const callEnd = (...texts: string[]) => readL2tpLog(said(...texts)).callEnd;
  expect(callEnd(...hungUp, ...tunnelHungUp)).toEqual({ by: 'peer', resultCode: 3 });
  expect(callEnd(...hungUp.slice(3))).toEqual({ by: 'peer' });
  expect(callEnd(`${xl2tpd}call_close: Call 46377 to 198.18.2.10 disconnected`, ...tunnelHungUp)).toEqual({
    by: 'self',
  });
  expect(callEnd(...tunnelHungUp)).toBeUndefined();
});

test('the end of a call and that of its tunnel are told apart, whoever ends them', () => {
  const bySelf = `${xl2tpd}call_close: Call 46377 to 198.18.2.10 disconnected`;
  const byPeer = `${xl2tpd}control_finish: Connection closed to 198.18.2.10, serial -1 ()`;
  const tunnel = `${xl2tpd}Connection 37428 closed to 198.18.2.10, port 1701 (Goodbye!)`;
  expect([bySelf, byPeer, tunnel].map((line) => callEnded.test(line))).toEqual([true, true, false]);
  expect([bySelf, byPeer, tunnel].map((line) => tunnelClosed.test(line))).toEqual([false, false, true]);
});
