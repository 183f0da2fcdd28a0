import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { startAvps } from './avp-lists.ts';
import type { L2tpConfig } from './config.ts';
import { decodePacket } from './header.ts';
import { decodeMessage } from './message.ts';
import { lastResult, ScriptedLac, sentBy } from './testing/scripted-lac.ts';
import { connect, lacConfig, lnsConfig, pairOf, type Station } from './testing/tunnel-pair.ts';
import { challengeResponse } from './tunnel-authentication.ts';

const secret = 'tunnel secret';
const knows = { tunnelSecret: secret };
const challenging = { tunnelSecret: secret, challenges: true } as const;

test.each<[string, Partial<L2tpConfig>, Partial<L2tpConfig>]>([
  ['the LNS challenges', knows, challenging],
  ['the LAC challenges', challenging, knows],
  ['both challenge', challenging, challenging],
  ['nobody does', knows, knows],
])('%s, and the tunnel comes up (RFC 2661 5.1.1)', (_what, lac, lns) => {
  const pair = pairOf(1, perfect, { lac, lns });
  expect(connect(pair)).toBe(true);
});

const refusal = (station: Station) => station.facts.filter((fact) => fact.fact === 'l2tp-ended');

test('an LNS that gets a wrong response sends StopCCN with result 4, and has no tunnel', () => {
  const pair = pairOf(2, perfect, { lac: { tunnelSecret: 'another' }, lns: challenging });
  expect(connect(pair)).toBe(false);
  const said = { message: 'StopCCN', result: 4, error: 0, text: 'Challenge Response wrong' };
  expect(refusal(pair.lns)).toMatchObject([{ direction: 'sent', ...said }]);
  expect(refusal(pair.lac)).toMatchObject([{ direction: 'received', ...said }]);
  for (const station of [pair.lac, pair.lns]) expect(station.engine.summary().tunnels).toBe(0);
  expect(pair.lns.has('l2tp-tunnel-established')).toBe(false);
});

test('a LAC that gets a wrong response sends StopCCN with result 4, and calls nobody', () => {
  const pair = pairOf(3, perfect, { lac: challenging, lns: { tunnelSecret: 'another' } });
  expect(connect(pair)).toBe(false);
  expect(refusal(pair.lac)).toMatchObject([{ direction: 'sent', message: 'StopCCN', result: 4 }]);
  expect(pair.lac.messages).not.toContain('sent ICRQ');
});

test('a missing response is refused as a wrong one is', () => {
  const lac = new ScriptedLac(undefined, { ...lnsConfig, ...challenging });
  lac.say('SCCCN', [], 1);
  expect(lastResult(lac.lns)).toMatchObject({ name: 'StopCCN', code: { result: 4 } });
  expect(lac.lns.has('l2tp-tunnel-established')).toBe(false);
});

test('a challenge without a secret is refused with result 4', () => {
  const pair = pairOf(4, perfect, { lns: challenging });
  expect(connect(pair)).toBe(false);
  expect(refusal(pair.lac)).toMatchObject([
    { direction: 'sent', result: 4, text: 'tunnel authentication is not configured' },
  ]);
});

test('SCCRP answers with the identifier 2, and takes no response that was made for SCCRP in SCCCN', () => {
  const theirs = Uint8Array.of(1, 2, 3);
  const avps = [...startAvps(lacConfig, 13), attribute.challenge.avp(theirs)];
  const lac = new ScriptedLac(avps, { ...lnsConfig, ...challenging });
  const { avps: reply } = sentBy(lac.lns, 0);
  expect(attribute.challengeResponse.in(reply)).toEqual(challengeResponse(2, secret, theirs));
  const ours = attribute.challenge.in(reply) ?? new Uint8Array();
  expect(ours).toHaveLength(16);
  lac.say('SCCCN', [attribute.challengeResponse.avp(challengeResponse(2, secret, ours))], 1);
  expect(lastResult(lac.lns)).toMatchObject({ name: 'StopCCN', code: { result: 4 } });
});

test('each tunnel has a challenge of its own', () => {
  const [one, two] = [1, 2].map((tunnel) => {
    const lac = new ScriptedLac(startAvps(lacConfig, tunnel), { ...lnsConfig, ...challenging }, `${tunnel}`);
    return attribute.challenge.in(sentBy(lac.lns, 0).avps);
  });
  expect(one).not.toEqual(two);
});

const hides = [
  'assignedTunnelId',
  'vendorName',
  'challenge',
  'challengeResponse',
  'assignedSessionId',
  'txConnectSpeed',
] as const;

test('a connection whose attributes are hidden both ways comes up, and no hidden value is on the wire', () => {
  const pair = pairOf(5, perfect, {
    lac: { ...challenging, hides },
    lns: { ...challenging, hides, vendorName: 'a vendor' },
  });
  expect(connect(pair)).toBe(true);
  const octets = Buffer.concat([...pair.lac.sent, ...pair.lns.sent]);
  expect(octets.includes('Microsoft')).toBe(false);
  expect(octets.includes('client')).toBe(true);
  const request = decodePacket(pair.lac.sent[0] ?? new Uint8Array());
  if (!request.ok) throw new Error('SCCRQ');
  // Random Vector before the first hidden attribute; without the secret the mandatory ones are not recognised.
  const outside = decodeMessage(request.value.body);
  expect(outside).toMatchObject({ ok: true, value: { objection: { errorCode: 8 } } });
  const inside = decodeMessage(request.value.body, secret);
  if (!inside.ok) throw new Error('SCCRQ');
  expect(inside.value.avps.map(({ type }) => type)).toEqual([2, 3, 4, 6, 7, 36, 8, 9, 10, 11]);
  expect(attribute.vendorName.in(inside.value.avps)).toBe('Microsoft');
  expect(attribute.randomVector.in(inside.value.avps)).toHaveLength(16);
});

test('hidden attributes that another secret hid clear the tunnel', () => {
  const pair = pairOf(6, perfect, {
    lac: { tunnelSecret: 'another', hides: ['assignedTunnelId', 'bearerCapabilities'] },
    lns: knows,
  });
  expect(connect(pair)).toBe(false);
  // Nobody knows the other's tunnel id, and the refusal finds its tunnel all the same.
  expect(refusal(pair.lns)).toMatchObject([{ message: 'StopCCN', result: 2, error: 2 }]);
  expect(pair.lac.downs).toHaveLength(1);
});

test.each<[Partial<L2tpConfig>, string]>([
  [{ challenges: true }, 'L2TP: a challenge needs a tunnel secret'],
  [{ hides: ['vendorName'] }, 'L2TP: hidden AVPs need a tunnel secret'],
  [{ tunnelSecret: secret, hides: ['hostName'] }, 'L2TP: RFC 2661 4.4 forbids to hide Host Name'],
  [
    { messages: { SCCRQ: [{ attribute: 'hostName', value: 5 }] } },
    'L2TP: the value of Host Name is no number',
  ],
])('%#: settings that contradict themselves are no engine', (config, complaint) => {
  expect(() => pairOf(1, perfect, { lac: config })).toThrow(new TypeError(complaint));
});
