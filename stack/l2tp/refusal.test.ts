import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { encodeAvps } from './avp.ts';
import { startAvps } from './avp-lists.ts';
import { encodeControlPacket } from './header.ts';
import { control, lastResult, ScriptedLac } from './testing/scripted-lac.ts';
import { lacConfig, lnsConfig, lnsSeen, pairOf, Station } from './testing/tunnel-pair.ts';

test('more tunnels than allowed are refused, without keeping anything', () => {
  const { lns } = new ScriptedLac(undefined, { ...lnsConfig, maximumTunnels: 0 });
  expect(lastResult(lns)).toEqual({
    name: 'StopCCN',
    tunnelId: 13,
    code: { result: 2, error: 4, message: 'no tunnel is free' },
  });
  expect(lns.engine.summary().tunnels).toBe(0);
  expect(lns.engine.deadline()).toBeUndefined();
  expect(lns.facts.at(-1)).toMatchObject({ fact: 'l2tp-failed', reason: 'refused' });
});

const vendorAvp = {
  mandatory: true,
  hidden: false,
  reserved: false,
  vendorId: 9,
  type: 1,
  value: Uint8Array.of(1),
};

test.each([
  ['an unknown mandatory AVP', [...startAvps(lacConfig, 13), vendorAvp], { result: 2, error: 8 }],
  [
    'a hidden mandatory AVP',
    [...startAvps(lacConfig, 13), { ...attribute.calledNumber.avp('x'), hidden: true }],
    { result: 2, error: 8 },
  ],
  ['a challenge', [...startAvps(lacConfig, 13), attribute.challenge.avp(Uint8Array.of(1))], { result: 4 }],
  [
    'another protocol version',
    [attribute.protocolVersion.avp({ version: 2, revision: 0 }), attribute.assignedTunnelId.avp(13)],
    { result: 5, error: 0x0100 },
  ],
  ['no protocol version', [attribute.assignedTunnelId.avp(13)], { result: 2, error: 3 }],
  [
    'a window of 0',
    [attribute.receiveWindowSize.avp(0), ...startAvps(lacConfig, 13)],
    { result: 2, error: 3 },
  ],
])('an SCCRQ with %s is refused by StopCCN', (_what, avps, code) => {
  const { lns } = new ScriptedLac(avps);
  expect(lastResult(lns)).toMatchObject({ name: 'StopCCN', tunnelId: 13, code });
  expect(lns.engine.summary().tunnels).toBe(0);
});

test('an unknown attribute that is not mandatory changes nothing', () => {
  const { lns } = new ScriptedLac([...startAvps(lacConfig, 13), { ...vendorAvp, mandatory: false }]);
  expect(lns.messages).toEqual(['received SCCRQ', 'sent SCCRP']);
});

test('the LAC tells a refusal as such, with the code', () => {
  const pair = pairOf(11, perfect, { lns: { maximumTunnels: 0 } });
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 0));
  pair.simulation.run(() => pair.lac.downs.length > 0, 10_000);
  expect(pair.lac.facts).toContainEqual({
    fact: 'l2tp-failed',
    reason: 'refused',
    detail: 'StopCCN result 2 (general error), error 4 (insufficient resources), "no tunnel is free"',
  });
});

test('an unknown mandatory AVP about a call ends the session, not the tunnel (RFC 2661 4.1)', () => {
  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(1), vendorAvp], 2);
  expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 2, error: 8 } });
  expect(lac.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 0 });
});

test('an unexpected start message stops an established tunnel (RFC 2661 7.2.1)', () => {
  const lac = new ScriptedLac();
  for (const ns of [1, 2]) lac.say('SCCCN', [], ns);
  expect(lastResult(lac.lns)).toMatchObject({ name: 'StopCCN', code: { result: 7 } });
});

test('a LAC that answers no tunnels refuses to be dialled', () => {
  const lac = new Station(lacConfig, '1');
  const message = control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 });
  lac.perform(lac.engine.receive({ peer: lnsSeen, message }, 0));
  expect(lastResult(lac)).toMatchObject({ name: 'StopCCN', code: { result: 4 } });
});

test('an SCCRP for a tunnel given up is answered with StopCCN (RFC 2661 7.2.1, idle)', () => {
  const lac = new Station(lacConfig, '1');
  const message = control('SCCRP', startAvps(lnsConfig, 99), { tunnelId: 5, ns: 0, nr: 1 });
  lac.perform(lac.engine.receive({ peer: lnsSeen, message }, 0));
  expect(lastResult(lac)).toMatchObject({ name: 'StopCCN', tunnelId: 99 });
});

/** A control message of this type whose Message Type has or has not the M bit. */
function unknownMessage(tunnelId: number, mandatory: boolean): Uint8Array {
  const body = encodeAvps([{ ...attribute.messageType.avp(5), mandatory }]);
  return encodeControlPacket({ tunnelId, sessionId: 0, ns: 1, nr: 1, body });
}

test('an unknown message clears the tunnel if its Message Type is mandatory, and is ignored if not', () => {
  const [strict, lenient] = [new ScriptedLac(), new ScriptedLac()];
  strict.give(unknownMessage(strict.tunnelId, true));
  expect(lastResult(strict.lns)).toMatchObject({ name: 'StopCCN', code: { result: 2, error: 3 } });
  lenient.give(unknownMessage(lenient.tunnelId, false));
  expect(lenient.lns.messages.at(-1)).toBe('received type 5');
  lenient.say('SCCCN', [], 2);
  expect(lenient.lns.has('l2tp-tunnel-established')).toBe(true);
});

test.each([
  ['StopCCN', 'SCCCN', 1],
  ['StopCCN', 'HELLO', 2],
  ['CDN', 'ICRQ', 2],
] as const)('an unknown mandatory AVP leads to %s with result 2, error 8 in %s', (name, message, ns) => {
  const lac = new ScriptedLac();
  if (ns > 1) lac.say('SCCCN', [], 1);
  lac.say(message, [attribute.assignedSessionId.avp(1), vendorAvp], ns);
  expect(lastResult(lac.lns)).toEqual({
    name,
    tunnelId: 13,
    code: { result: 2, error: 8, message: 'unknown mandatory AVP: type 1 of vendor 9' },
  });
});

test('an unknown mandatory AVP of a call that waits or stands ends it and leaves the tunnel (RFC 2661 4.1)', () => {
  for (const established of [false, true]) {
    const lac = new ScriptedLac();
    lac.say('SCCCN', [], 1);
    lac.say('ICRQ', [attribute.assignedSessionId.avp(1)], 2);
    const { sessionId } = lac;
    if (established) lac.say('ICCN', [], 3, { sessionId, nr: 2 });
    const [name, ns] = established ? (['WEN', 4] as const) : (['ICCN', 3] as const);
    lac.say(name, [vendorAvp], ns, { sessionId, nr: 2 });
    expect(lastResult(lac.lns)).toMatchObject({ name: 'CDN', code: { result: 2, error: 8 } });
    expect(lac.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 0 });
  }
});

test("Microsoft's AVP (vendor 311) is ignored, and clears the call where its M bit is set", () => {
  const correlation = { ...vendorAvp, vendorId: 311, value: new Uint8Array(16) };
  const called = (mandatory: boolean) => {
    const lac = new ScriptedLac();
    lac.say('SCCCN', [], 1);
    lac.say('ICRQ', [attribute.assignedSessionId.avp(1), { ...correlation, mandatory }], 2);
    return lac.lns.messages.at(-1);
  };
  expect([called(false), called(true)]).toEqual(['sent ICRP', 'sent CDN']);
});

test('the M bit of an attribute that is known changes nothing', () => {
  // mtpd sets it everywhere, MikroTik on Bearer Capabilities, and others nowhere (the field facts E).
  for (const mandatory of [true, false]) {
    const avps = startAvps(lacConfig, 13).map((avp) => ({ ...avp, mandatory }));
    expect(new ScriptedLac(avps).lns.messages).toEqual(['received SCCRQ', 'sent SCCRP']);
  }
});

test.each([
  ['an AVP longer than its message', '8008000000000006 8010000000090001', 2],
  ['an AVP shorter than its header', '8008000000000006 8005000000090001', 2],
  ['octets after its last AVP', '8008000000000006 8008', 2],
  ['another AVP before its Message Type', '8008000000090001 8008000000000006', 3],
])('a message with %s clears its tunnel (RFC 2661 7.1)', (_what, body, error) => {
  const lac = new ScriptedLac();
  const octets = fromHex(body.replaceAll(' ', ''));
  lac.give(encodeControlPacket({ tunnelId: lac.tunnelId, sessionId: 0, ns: 1, nr: 1, body: octets }));
  expect(lastResult(lac.lns)).toMatchObject({ name: 'StopCCN', code: { result: 2, error } });
  expect(lac.lns.facts).toContainEqual(
    expect.objectContaining({ fact: 'packet-dropped', reason: 'malformed' }),
  );
});

test('a malformed message for no tunnel gets no answer', () => {
  const lns = new Station(lnsConfig, '1');
  const body = fromHex('80080000000000018010');
  const message = encodeControlPacket({ tunnelId: 0, sessionId: 0, ns: 0, nr: 0, body });
  lns.perform(lns.engine.receive({ peer: lnsSeen, message }, 0));
  expect(lns.sent).toEqual([]);
});

test('an end that takes only T, L and S drops what has other bits (Windows, the field facts E1)', () => {
  const request = control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 });
  request[1] = (request[1] ?? 0) | 0x10;
  const answers = (strict: boolean) => {
    const lns = new Station({ ...lnsConfig, ...(strict && { strictHeader: true }) }, '1');
    lns.perform(lns.engine.receive({ peer: lnsSeen, message: request }, 0));
    return lns.messages;
  };
  expect(answers(false)).toEqual(['received SCCRQ', 'sent SCCRP']);
  expect(answers(true)).toEqual([]);
});
