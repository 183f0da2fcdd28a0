import { expect, test } from 'vitest';
import { deaf, perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import type { Avp } from './avp.ts';
import { startAvps, stopAvps } from './avp-lists.ts';
import type { L2tpPeer } from './config.ts';
import { decodePacket, encodeControlPacket } from './header.ts';
import { decodeMessage, encodeMessage, type MessageName } from './message.ts';
import { lacConfig, lacSeen, lnsConfig, lnsSeen, type Pair, pairOf, Station } from './testing/tunnel-pair.ts';

function connect(pair: Pair): boolean {
  const { simulation, lac, lns } = pair;
  lac.perform(lac.engine.dial(lnsSeen, simulation.now));
  return simulation.run(() => lac.ups.length === 1 && lns.ups.length === 1, 120_000);
}

function sessionOf(station: Station) {
  const up = station.ups[0];
  if (up === undefined) throw new Error('no session');
  return up.session;
}

const control = (
  name: MessageName,
  avps: readonly Avp[],
  header: { tunnelId: number; ns: number; nr: number; sessionId?: number },
) => encodeControlPacket({ sessionId: 0, ...header, body: encodeMessage(name, avps) });

/** An LNS that was sent one SCCRQ from tunnel 13. */
function lnsMeeting(avps: readonly Avp[], config = lnsConfig): Station {
  const lns = new Station(config, '1');
  const message = control('SCCRQ', avps, { tunnelId: 0, ns: 0, nr: 0 });
  lns.perform(lns.engine.receive({ peer: lacSeen, message }, 0));
  return lns;
}

function lastResult(station: Station) {
  const last = station.sent.at(-1);
  const packet = last && decodePacket(last);
  if (!packet?.ok || packet.value.type !== 'control') throw new Error('nothing was sent');
  const message = decodeMessage(packet.value.body);
  if (!message.ok) throw new Error(message.error.detail);
  return {
    name: message.value.name,
    tunnelId: packet.value.tunnelId,
    code: attribute.resultCode.in(message.value.avps),
  };
}

test('a tunnel and its session come up with the messages of RFC 2661 5.1 and 5.2.1', () => {
  const pair = pairOf(1, perfect);
  expect(connect(pair)).toBe(true);
  expect(pair.lac.messages).toEqual([
    'sent SCCRQ',
    'received SCCRP',
    'sent SCCCN',
    'sent ICRQ',
    'received ICRP',
    'sent ICCN',
  ]);
  expect(pair.lns.messages).toEqual([
    'received SCCRQ',
    'sent SCCRP',
    'received SCCCN',
    'received ICRQ',
    'sent ICRP',
    'received ICCN',
  ]);
  expect(pair.lns.facts).toContainEqual(
    expect.objectContaining({ fact: 'l2tp-tunnel-established', peerHostName: 'client' }),
  );
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
  expect(pair.lac.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
});

test('PPP frames pass both ways, without sequence numbers', () => {
  const pair = pairOf(2, perfect);
  connect(pair);
  const frame = Uint8Array.of(0xff, 0x03, 0xc0, 0x21, 1);
  pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), frame));
  pair.lns.perform(pair.lns.engine.sendPpp(sessionOf(pair.lns), frame));
  pair.simulation.run(() => pair.lac.frames.length + pair.lns.frames.length === 2, 1000);
  expect(pair.lns.frames).toMatchObject([{ session: sessionOf(pair.lns), frame }]);
  expect(pair.lac.frames).toMatchObject([{ session: sessionOf(pair.lac), frame }]);
  const data = decodePacket(pair.lac.sent.at(-1) ?? new Uint8Array());
  expect(data.ok && data.value.type === 'data' && data.value.ns).toBe(undefined);
});

test('a LAC follows an LNS that numbers its data, and an LNS obeys Sequencing Required (RFC 2661 5.4)', () => {
  const pair = pairOf(3, perfect);
  connect(pair);
  const lacSession = sessionOf(pair.lac);
  const numbered = Uint8Array.from([0x48, 0x02, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x03]);
  new DataView(numbered.buffer).setUint16(4, lacSession.tunnelId);
  new DataView(numbered.buffer).setUint16(6, lacSession.sessionId);
  pair.lac.perform(pair.lac.engine.receive({ peer: lnsSeen, message: numbered }, 1000));
  const numbers = [1, 2].map((octet) => {
    pair.lac.perform(pair.lac.engine.sendPpp(lacSession, Uint8Array.of(octet)));
    const data = decodePacket(pair.lac.sent.at(-1) ?? new Uint8Array());
    return data.ok && data.value.ns;
  });
  expect(numbers).toEqual([0, 1]);

  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = lns.facts.length > 0 ? sccrpTunnelId(lns) : 0;
  const say = (name: MessageName, avps: Avp[], ns: number, sessionId = 0) =>
    lns.perform(
      lns.engine.receive(
        { peer: lacSeen, message: control(name, avps, { tunnelId, ns, nr: ns, sessionId }) },
        10,
      ),
    );
  say('SCCCN', [], 1);
  say('ICRQ', [attribute.assignedSessionId.avp(1), attribute.callSerialNumber.avp(0)], 2);
  const icrp = decodePacket(lns.sent.at(-1) ?? new Uint8Array());
  const answer = icrp.ok && icrp.value.type === 'control' ? decodeMessage(icrp.value.body) : undefined;
  const sessionId = (answer?.ok && attribute.assignedSessionId.in(answer.value.avps)) || 0;
  say('ICCN', [attribute.sequencingRequired.avp(true)], 3, sessionId);
  lns.perform(lns.engine.sendPpp(sessionOf(lns), Uint8Array.of(1)));
  expect(decodePacket(lns.sent.at(-1) ?? new Uint8Array())).toMatchObject({ ok: true, value: { ns: 0 } });
});

function sccrpTunnelId(lns: Station): number {
  const packet = decodePacket(lns.sent[0] ?? new Uint8Array());
  if (!packet.ok || packet.value.type !== 'control') throw new Error('no SCCRP');
  const message = decodeMessage(packet.value.body);
  if (!message.ok) throw new Error(message.error.detail);
  return attribute.assignedTunnelId.in(message.value.avps) ?? 0;
}

test('a client that closes its session sends CDN (result 3), then StopCCN (result 1); nothing is left', () => {
  // The order and the codes of the field facts (MS-L2TPIE 4).
  const pair = pairOf(4, perfect);
  connect(pair);
  pair.lac.perform(pair.lac.engine.closeSession(sessionOf(pair.lac), 'user', pair.simulation.now));
  expect(lastResult(pair.lac)).toMatchObject({ name: 'StopCCN', code: { result: 1, error: 0 } });
  const done = () => pair.lac.downs.length === 2 && pair.lns.downs.length === 2;
  expect(pair.simulation.run(done, 10_000)).toBe(true);
  expect(pair.lac.messages.slice(-2)).toEqual(['sent CDN', 'sent StopCCN']);
  expect(pair.lns.downs).toEqual([
    'session-down: CDN result 3 (administrative reasons)',
    'tunnel-down: StopCCN result 1 (general request to clear the control connection)',
  ]);
  expect(pair.lac.facts).toContainEqual({ fact: 'closed', layer: 'l2tp', by: 'local', detail: 'user' });
  expect(pair.lns.facts).toContainEqual(expect.objectContaining({ fact: 'closed', by: 'peer' }));
  for (const station of [pair.lac, pair.lns]) {
    expect(station.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
  }
  // Lingering ends, and then no timer is left either.
  pair.simulation.runTo(120_000);
  expect(pair.lac.engine.deadline()).toBeUndefined();
  expect(pair.lns.engine.deadline()).toBeUndefined();
});

test('an LNS that closes a session clears it; the client then clears the tunnel', () => {
  const pair = pairOf(5, perfect);
  connect(pair);
  pair.lns.perform(pair.lns.engine.closeSession(sessionOf(pair.lns), 'idle', pair.simulation.now));
  expect(pair.simulation.run(() => pair.lns.downs.length === 2 && pair.lac.downs.length === 2, 10_000)).toBe(
    true,
  );
  expect(pair.lns.messages.slice(-2)).toEqual(['sent CDN', 'received StopCCN']);
});

test('both ends closing at once end cleanly', () => {
  const pair = pairOf(6, perfect);
  connect(pair);
  pair.lac.perform(pair.lac.engine.close(pair.simulation.now));
  pair.lns.perform(pair.lns.engine.close(pair.simulation.now));
  pair.simulation.runTo(200_000);
  for (const station of [pair.lac, pair.lns]) {
    expect(station.downs.filter((down) => down.startsWith('tunnel-down'))).toHaveLength(1);
    expect(station.engine.deadline()).toBeUndefined();
  }
});

test('nobody answers: SCCRQ goes five times, then no-answer', () => {
  const pair = pairOf(7, deaf);
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 0));
  expect(pair.simulation.run(() => pair.lac.downs.length > 0, 60_000)).toBe(true);
  const sent = pair.lac.facts.filter((fact) => fact.fact === 'l2tp-message');
  expect(sent.map((fact) => fact.transmission)).toEqual([1, 2, 3, 4, 5]);
  expect(pair.lac.facts.at(-1)).toMatchObject({ fact: 'l2tp-failed', reason: 'no-answer' });
  expect(pair.lac.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
});

test('silence is filled with HELLO; a peer that does not acknowledge it is lost', () => {
  const pair = pairOf(8, perfect);
  connect(pair);
  pair.simulation.runTo(200_000);
  // The client's 40 s come first each time, and its HELLO counts as a sign of life at the LNS.
  expect(pair.lac.messages.filter((message) => message === 'sent HELLO')).toHaveLength(4);
  expect(pair.lns.messages.filter((message) => message === 'sent HELLO')).toHaveLength(0);
  expect(pair.lns.downs).toEqual([]);
  pair.simulation.impairment = deaf;
  pair.simulation.run(() => pair.lac.downs.length === 2 && pair.lns.downs.length === 2, 500_000);
  expect(pair.lac.facts.at(-1)).toMatchObject({ fact: 'closed', by: 'timeout' });
  expect(pair.lns.facts.at(-1)).toMatchObject({ fact: 'closed', by: 'timeout' });
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
});

test('two clients with equal tunnel ids, addresses and ports on two paths do not mix (MULTI-6)', () => {
  const lns = new Station(lnsConfig, '9');
  const clients = ['sa-1', 'sa-2'].map((path) => {
    const lac = new Station(lacConfig, '77');
    const peer: L2tpPeer = { path, address: lacSeen.address };
    lac.connect((message) => lns.perform(lns.engine.receive({ peer, message }, 0)));
    return { lac, peer };
  });
  lns.connect((message, peer) => {
    const client = clients.find((each) => each.peer.path === peer.path);
    client?.lac.perform(client.lac.engine.receive({ peer: lnsSeen, message }, 0));
  });
  for (const { lac } of clients) lac.perform(lac.engine.dial(lnsSeen, 0));
  expect(lns.engine.summary()).toEqual({ tunnels: 2, sessions: 2 });
  const [first, second] = clients;
  if (first === undefined || second === undefined) throw new Error('two clients');
  expect(sessionOf(first.lac).tunnelId).toBe(sessionOf(second.lac).tunnelId);

  for (const [index, { lac }] of clients.entries()) {
    lac.perform(lac.engine.sendPpp(sessionOf(lac), Uint8Array.of(index)));
  }
  expect(lns.frames.map(({ session, frame }) => [session, frame[0]])).toEqual([
    [lns.ups[0]?.session, 0],
    [lns.ups[1]?.session, 1],
  ]);
  // The first client's datagram by the second client's path is for no tunnel there.
  const stray = first.lac.engine.sendPpp(sessionOf(first.lac), Uint8Array.of(9));
  for (const effect of stray) {
    if (effect.effect !== 'send-l2tp') continue;
    lns.perform(lns.engine.receive({ peer: second.peer, message: effect.message }, 0));
  }
  expect(lns.frames).toHaveLength(2);
  expect(lns.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'unexpected' });
});

test('a path that is gone takes its tunnels along, silently', () => {
  const pair = pairOf(10, perfect);
  connect(pair);
  const sent = pair.lns.sent.length;
  pair.lns.perform(pair.lns.engine.pathGone('another', 0));
  expect(pair.lns.engine.summary().tunnels).toBe(1);
  pair.lns.perform(pair.lns.engine.pathGone('sa', 0));
  expect(pair.lns.sent).toHaveLength(sent);
  expect(pair.lns.downs).toEqual(['session-down: path sa is gone', 'tunnel-down: path sa is gone']);
  expect(pair.lns.engine.deadline()).toBeUndefined();
});

test('more tunnels than allowed are refused, without keeping anything', () => {
  const lns = lnsMeeting(startAvps(lacConfig, 13), { ...lnsConfig, maximumTunnels: 0 });
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
    [...startAvps(lacConfig, 13), { ...attribute.hostName.avp('x'), hidden: true }],
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
  const lns = lnsMeeting(avps);
  expect(lastResult(lns)).toMatchObject({ name: 'StopCCN', tunnelId: 13, code });
  expect(lns.engine.summary().tunnels).toBe(0);
});

test('an unknown attribute that is not mandatory changes nothing', () => {
  const lns = lnsMeeting([...startAvps(lacConfig, 13), { ...vendorAvp, mandatory: false }]);
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
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(lns);
  const say = (name: MessageName, avps: Avp[], ns: number) =>
    lns.perform(
      lns.engine.receive({ peer: lacSeen, message: control(name, avps, { tunnelId, ns, nr: 1 }) }, 10),
    );
  say('SCCCN', [], 1);
  say('ICRQ', [attribute.assignedSessionId.avp(1), vendorAvp], 2);
  expect(lastResult(lns)).toMatchObject({ name: 'CDN', code: { result: 2, error: 8 } });
  expect(lns.engine.summary()).toEqual({ tunnels: 1, sessions: 0 });
});

test.each([
  ['tunnel 0', 0, 13],
  ['a tunnel that is not there', 4242, 13],
])('a StopCCN sent to %s is understood by its Assigned Tunnel ID', (_what, wrong, assigned) => {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const message = control('StopCCN', stopAvps(assigned, { result: 1 }), { tunnelId: wrong, ns: 1, nr: 1 });
  lns.perform(lns.engine.receive({ peer: lacSeen, message }, 10));
  expect(lns.engine.summary().tunnels).toBe(0);
  // Repeated, it is acknowledged again and not processed again.
  lns.perform(lns.engine.receive({ peer: lacSeen, message }, 20));
  expect(lns.downs).toHaveLength(1);
  expect(lns.facts.at(-1)).toMatchObject({ direction: 'sent', message: 'ZLB' });
});

test('a StopCCN with a wrong Assigned Tunnel ID (MSL2TP) ends its tunnel', () => {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(lns);
  const message = control('StopCCN', stopAvps(4242, { result: 1 }), { tunnelId, ns: 1, nr: 1 });
  lns.perform(lns.engine.receive({ peer: lacSeen, message }, 10));
  expect(lns.engine.summary().tunnels).toBe(0);
});

test('a CDN with session id 0 in its header names its session by the Assigned Session ID (Android)', () => {
  const pair = pairOf(14, perfect);
  connect(pair);
  const { tunnelId } = sessionOf(pair.lns);
  const avps = [
    attribute.resultCode.avp({ result: 3 }),
    attribute.assignedSessionId.avp(sessionOf(pair.lac).sessionId),
  ];
  const message = control('CDN', avps, { tunnelId, ns: 4, nr: 2 });
  pair.lns.perform(pair.lns.engine.receive({ peer: lacSeen, message }, 1000));
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 0 });
});

test('a CDN that waited for its ICCN ends the session after it came up', () => {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(lns);
  const order: string[] = [];
  lns.onEffect = ({ effect }) => {
    if (effect === 'session-up' || effect === 'session-down') order.push(effect);
  };
  const say = (name: MessageName, avps: Avp[], ns: number, sessionId = 0) => {
    const message = control(name, avps, { tunnelId, ns, nr: 1, sessionId });
    lns.perform(lns.engine.receive({ peer: lacSeen, message }, 10));
  };
  say('SCCCN', [], 1);
  say('ICRQ', [attribute.assignedSessionId.avp(7), attribute.callSerialNumber.avp(0)], 2);
  const icrp = decodePacket(lns.sent.at(-1) ?? new Uint8Array());
  const answer = icrp.ok ? decodeMessage(icrp.value.body) : undefined;
  const sessionId = (answer?.ok && attribute.assignedSessionId.in(answer.value.avps)) || 0;
  say('CDN', [attribute.resultCode.avp({ result: 3 }), attribute.assignedSessionId.avp(7)], 4, sessionId);
  expect(order).toEqual([]);
  say('ICCN', [], 3, sessionId);
  expect(order).toEqual(['session-up', 'session-down']);
});

test('a repeated SCCRQ is acknowledged, not answered by another tunnel', () => {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const again = control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 });
  lns.perform(lns.engine.receive({ peer: lacSeen, message: again }, 10));
  expect(lns.engine.summary().tunnels).toBe(1);
  expect(lns.messages.filter((message) => message === 'sent SCCRP')).toHaveLength(1);
});

test('an unexpected start message stops an established tunnel (RFC 2661 7.2.1)', () => {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(lns);
  for (const ns of [1, 2]) {
    const message = control('SCCCN', [], { tunnelId, ns, nr: 1 });
    lns.perform(lns.engine.receive({ peer: lacSeen, message }, 10));
  }
  expect(lastResult(lns)).toMatchObject({ name: 'StopCCN', code: { result: 7 } });
});

test('a LAC refuses to be dialled, and an LNS does not dial', () => {
  const lac = new Station(lacConfig, '1');
  const message = control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 });
  lac.perform(lac.engine.receive({ peer: lnsSeen, message }, 0));
  expect(lastResult(lac)).toMatchObject({ name: 'StopCCN', code: { result: 4 } });
  expect(() => new Station(lnsConfig, '1').engine.dial(lacSeen, 0)).toThrow(TypeError);
});

test('an SCCRP for a tunnel given up is answered with StopCCN (RFC 2661 7.2.1, idle)', () => {
  const lac = new Station(lacConfig, '1');
  const message = control('SCCRP', startAvps(lnsConfig, 99), { tunnelId: 5, ns: 0, nr: 1 });
  lac.perform(lac.engine.receive({ peer: lnsSeen, message }, 0));
  expect(lastResult(lac)).toMatchObject({ name: 'StopCCN', tunnelId: 99 });
});

test('a tunnel without a session, and one that was never finished, do not stay', () => {
  const idle = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(idle);
  const message = control('SCCCN', [], { tunnelId, ns: 1, nr: 1 });
  idle.perform(idle.engine.receive({ peer: lacSeen, message }, 10));
  const halfOpen = lnsMeeting(startAvps(lacConfig, 13));
  for (const lns of [idle, halfOpen]) {
    for (let now = 0; now < 300_000; now = lns.engine.deadline() ?? 300_000) {
      lns.perform(lns.engine.tick(now));
      if (lns.engine.deadline() === now) throw new Error('tick does nothing');
    }
    expect(lns.engine.summary().tunnels).toBe(0);
  }
  expect(halfOpen.facts).toContainEqual(
    expect.objectContaining({ fact: 'l2tp-failed', reason: 'no-answer' }),
  );
});

test('the same seed gives the same bytes', () => {
  const [once, again] = [pairOf(12, perfect), pairOf(12, perfect)];
  connect(once);
  connect(again);
  expect(once.lac.sent).toEqual(again.lac.sent);
  expect(once.lns.sent).toEqual(again.lns.sent);
});

test('connects and closes under loss up to 30 %, duplication and reordering', () => {
  // Ten transmissions: with 30 % loss each way a message and its acknowledgement get through in one of them.
  const patient = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 10 };
  for (let seed = 0; seed < 60; seed++) {
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const configs = { lac: { retransmission: patient }, lns: { retransmission: patient } };
    const pair = pairOf(1000 + seed, impairment, configs);
    expect(connect(pair), `seed ${seed}`).toBe(true);
    expect(pair.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
    pair.lac.perform(pair.lac.engine.close(pair.simulation.now));
    const closed = () => pair.lac.downs.length === 2 && pair.lns.downs.length === 2;
    expect(pair.simulation.run(closed, 600_000), `seed ${seed}`).toBe(true);
    expect(pair.lns.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
    expect(pair.lns.facts.filter((fact) => fact.fact === 'l2tp-failed')).toEqual([]);
  }
});

test('data from the peer is a sign of life: no HELLO is sent', () => {
  const pair = pairOf(13, perfect);
  connect(pair);
  for (let second = 0; second < 200; second += 20) {
    pair.lns.perform(pair.lns.engine.sendPpp(sessionOf(pair.lns), Uint8Array.of(1)));
    pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), Uint8Array.of(1)));
    pair.simulation.runTo(pair.simulation.now + 20_000);
  }
  for (const station of [pair.lac, pair.lns]) expect(station.messages).not.toContain('sent HELLO');
});

/** Sends so many ICRQs; `acknowledging` says whether what the LNS sends is acknowledged. */
function callALot(calls: number, acknowledging: boolean): Station {
  const lns = lnsMeeting(startAvps(lacConfig, 13));
  const tunnelId = sccrpTunnelId(lns);
  let nr = 0;
  lns.connect((bytes) => {
    const packet = decodePacket(bytes);
    if (packet.ok && packet.value.body.length > 0) nr++;
  });
  const say = (name: MessageName, avps: Avp[], ns: number) => {
    const message = control(name, avps, { tunnelId, ns, nr: acknowledging ? 1 + nr : 1 });
    lns.perform(lns.engine.receive({ peer: lacSeen, message }, 10));
  };
  say('SCCCN', [], 1);
  for (let call = 1; call <= calls; call++) {
    say('ICRQ', [attribute.assignedSessionId.avp(call), attribute.callSerialNumber.avp(call)], 1 + call);
  }
  return lns;
}

test('sessions in one tunnel are bounded; those beyond get CDN with result 4', () => {
  const lns = callALot(100, true);
  const refused = lns.facts.filter((fact) => fact.fact === 'l2tp-failed' && fact.reason === 'refused');
  expect(refused).toHaveLength(100 - 16);
  expect(refused[0]).toMatchObject({ detail: 'CDN result 4 (no facilities available (temporary))' });
  expect(lns.engine.summary().tunnels).toBe(1);
});

test('a peer that asks much and acknowledges nothing loses its tunnel', () => {
  const lns = callALot(1000, false);
  expect(lns.engine.summary().tunnels).toBe(0);
  expect(lns.engine.deadline()).toBeUndefined();
  expect(lns.facts).toContainEqual(expect.objectContaining({ fact: 'closed', by: 'timeout' }));
});
