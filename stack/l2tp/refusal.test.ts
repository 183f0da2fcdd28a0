import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { startAvps } from './avp-lists.ts';
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
