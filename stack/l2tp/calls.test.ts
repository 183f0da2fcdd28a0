import { expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import type { Avp } from './avp.ts';
import { startAvps } from './avp-lists.ts';
import { decodePacket } from './header.ts';
import type { MessageName } from './message.ts';
import { control, lastResult, ScriptedLac, sentBy } from './testing/scripted-lac.ts';
import { lacConfig, lnsConfig, lnsSeen, Station } from './testing/tunnel-pair.ts';

const session = (id: number) => attribute.assignedSessionId.avp(id);
const request = [session(7), attribute.callSerialNumber.avp(1)];
const summary = ({ lns }: { lns: Station }) => lns.engine.summary();

/** An LNS with a tunnel, which the LAC has called already where `called`. */
function lnsWith({ called }: { called: boolean }, config = lnsConfig): ScriptedLac {
  const lac = new ScriptedLac(undefined, config);
  lac.say('SCCCN', [], 1);
  if (called) lac.say('ICRQ', request, 2);
  return lac;
}

/** A LAC with a tunnel and, where `established`, a session; and a way to say things to it. */
function lacWith({ established }: { established: boolean }) {
  const station = new Station(lacConfig, '1');
  station.perform(station.engine.dial(lnsSeen, 0));
  const tunnelId = attribute.assignedTunnelId.in(sentBy(station).avps) ?? 0;
  let [ns, nr] = [0, 1];
  const say = (name: MessageName, avps: readonly Avp[], sessionId = 0) => {
    const message = control(name, avps, { tunnelId, sessionId, ns: ns++, nr });
    station.perform(station.engine.receive({ peer: lnsSeen, message }, 10));
    nr = station.messages.filter((each) => each.startsWith('sent')).length;
  };
  say('SCCRP', startAvps(lnsConfig, 99));
  const sessionId = attribute.assignedSessionId.in(sentBy(station).avps) ?? 0;
  if (established) say('ICRP', [session(5)], sessionId);
  return { station, say, sessionId };
}

test.each([
  ['an LNS asks a LAC for an outgoing call', 'OCRQ', request, { result: 5 }],
  ['OCRP comes for no call', 'OCRP', [session(7)], { result: 2, error: 5 }],
  ['an LNS calls a LAC', 'ICRQ', request, { result: 5 }],
] as const)('%s: CDN (RFC 2661 7.4.1, 7.5.1)', (_what, name, avps, code) => {
  const { station, say } = lacWith({ established: true });
  say(name, avps);
  expect(lastResult(station)).toMatchObject({ name: 'CDN', code });
  expect(station.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
});

test.each([
  ['OCRQ comes', 'OCRQ', request, { result: 5 }],
  ['ICRP comes for no call', 'ICRP', [session(7)], { result: 2, error: 5 }],
] as const)('%s at an LNS: CDN (RFC 2661 7.4.2, 7.5.2)', (_what, name, avps, code) => {
  const lac = lnsWith({ called: false });
  lac.say(name, avps, 2);
  expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code });
  expect(decodePacket(lac.lns.sent.at(-1) ?? new Uint8Array())).toMatchObject({ value: { sessionId: 7 } });
  expect(summary(lac)).toEqual({ tunnels: 1, sessions: 0 });
});

test.each(['ICCN', 'CDN', 'OCCN', 'OCRP', 'WEN', 'SLI'] as const)(
  '%s about no session at an LNS leads to nothing',
  (name) => {
    const lac = lnsWith({ called: false });
    lac.say(name, [], 2, { sessionId: 4242 });
    expect(lac.lns.messages.slice(-1)).toEqual([`received ${name}`]);
    expect(summary(lac)).toEqual({ tunnels: 1, sessions: 0 });
  },
);

test.each(['ICRP', 'ICCN', 'CDN', 'OCCN'] as const)(
  '%s about no session at a LAC leads to nothing',
  (name) => {
    const { station, say } = lacWith({ established: true });
    say(name, [session(7)], 4242);
    expect(station.messages.slice(-1)).toEqual([`received ${name}`]);
    expect(station.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
  },
);

test.each(['ICRQ', 'ICRP', 'OCRQ', 'OCRP', 'OCCN'] as const)(
  '%s for a call that waits for ICCN: CDN, and the call is over',
  (name) => {
    const lac = lnsWith({ called: true });
    lac.say(name, request, 3, { sessionId: lac.sessionId, nr: 2 });
    expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 3 } });
    lac.say('ICCN', [], 4, { sessionId: lac.sessionId, nr: 3 });
    expect(summary(lac)).toEqual({ tunnels: 1, sessions: 0 });
  },
);

test.each(['ICRQ', 'ICRP', 'ICCN', 'OCRQ', 'OCRP', 'OCCN'] as const)(
  '%s for a session that stands: CDN, and the session is over',
  (name) => {
    const lac = lnsWith({ called: true });
    const { sessionId } = lac;
    lac.say('ICCN', [], 3, { sessionId, nr: 2 });
    expect(summary(lac)).toEqual({ tunnels: 1, sessions: 1 });
    lac.say(name, request, 4, { sessionId, nr: 2 });
    expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 3 } });
    expect(summary(lac)).toEqual({ tunnels: 1, sessions: 0 });
  },
);

test('ICCN for a call of its own makes a LAC clean up without a CDN (RFC 2661 7.4.1)', () => {
  const { station, say, sessionId } = lacWith({ established: false });
  say('ICCN', [], sessionId);
  expect(station.messages).not.toContain('sent CDN');
  expect(station.facts).toContainEqual(expect.objectContaining({ fact: 'l2tp-failed', reason: 'refused' }));
});

test('ICRP without a session id is refused by CDN with result 2, error 3', () => {
  const { station, say, sessionId } = lacWith({ established: false });
  say('ICRP', [], sessionId);
  expect(station.messages.slice(-2)).toEqual(['sent CDN', 'sent StopCCN']);
  expect(station.facts).toContainEqual(
    expect.objectContaining({ fact: 'l2tp-ended', message: 'CDN', result: 2, error: 3 }),
  );
});

test.each([
  ['no session id', [attribute.callSerialNumber.avp(1)], { result: 2, error: 3 }],
  ['session id 0', [session(0)], { result: 2, error: 3 }],
  ['the session id of another call', request, { result: 2, error: 5 }],
  ['a malformed mandatory AVP', [{ ...session(9), value: Uint8Array.of(9) }], { result: 2, error: 2 }],
] as const)('ICRQ with %s is refused by CDN', (_what, avps, code) => {
  const lac = lnsWith({ called: true });
  const { sessionId } = lac;
  lac.say('ICRQ', avps, 3, { nr: 2 });
  expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code });
  lac.say('ICCN', [], 4, { sessionId, nr: 3 });
  expect(summary(lac)).toEqual({ tunnels: 1, sessions: 1 });
});

test('ICCN with a framing that was not advertised is refused (RFC 2661 4.4.3)', () => {
  const established = (framing: number, framingCapabilities: number) => {
    const lac = lnsWith({ called: true }, { ...lnsConfig, framingCapabilities });
    const avps = [attribute.txConnectSpeed.avp(1), attribute.framingType.avp(framing)];
    lac.say('ICCN', avps, 3, { sessionId: lac.sessionId, nr: 2 });
    return summary(lac).sessions;
  };
  expect([established(1, 3), established(2, 3), established(1, 1)]).toEqual([1, 1, 1]);
  expect([established(2, 1), established(1, 2)]).toEqual([0, 0]);
});

test('ICCN without speed and framing is taken (Cisco, the field facts E2)', () => {
  const lac = lnsWith({ called: true });
  lac.say('ICCN', [], 3, { sessionId: lac.sessionId, nr: 2 });
  expect(summary(lac)).toEqual({ tunnels: 1, sessions: 1 });
});

const errors = { crc: 1, framing: 2, hardwareOverruns: 3, bufferOverruns: 4, timeouts: 5, alignment: 6 };

test('WEN and SLI are read, and change nothing where there is no line', () => {
  const lac = lnsWith({ called: true });
  const { sessionId } = lac;
  lac.say('ICCN', [], 3, { sessionId, nr: 2 });
  lac.say('WEN', [attribute.callErrors.avp(errors)], 4, { sessionId, nr: 2 });
  lac.say('SLI', [attribute.accm.avp({ send: 0, receive: 0xffffffff })], 5, { sessionId, nr: 2 });
  expect(lac.lns.messages.slice(-2)).toEqual(['received WEN', 'received SLI']);
  expect(summary(lac)).toEqual({ tunnels: 1, sessions: 1 });
});

test.each([
  ['WEN', { ...attribute.callErrors.avp(errors), value: new Uint8Array(25) }],
  ['SLI', { ...attribute.accm.avp({ send: 0, receive: 0 }), value: new Uint8Array(11) }],
] as const)('a malformed %s ends its session with result 2, error 2, and not the tunnel', (name, avp) => {
  const lac = lnsWith({ called: true });
  const { sessionId } = lac;
  lac.say('ICCN', [], 3, { sessionId, nr: 2 });
  lac.say(name, [avp], 4, { sessionId, nr: 2 });
  expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 2, error: 2 } });
  expect(summary(lac)).toEqual({ tunnels: 1, sessions: 0 });
});

test('sessions beyond the number allowed are refused with result 4', () => {
  const lac = lnsWith({ called: true }, { ...lnsConfig, maximumSessions: 1 });
  lac.say('ICRQ', [session(8)], 3, { nr: 2 });
  expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 4 } });
});
