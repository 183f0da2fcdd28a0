import { expect, test } from 'vitest';
import { deaf, perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { startAvps } from './avp-lists.ts';
import type { L2tpPeer } from './config.ts';
import { decodePacket } from './header.ts';
import { control, ScriptedLac, sentBy } from './testing/scripted-lac.ts';
import {
  connect,
  lacConfig,
  lacSeen,
  lnsConfig,
  lnsSeen,
  pairOf,
  Station,
  sessionOf,
} from './testing/tunnel-pair.ts';

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

  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(1), attribute.callSerialNumber.avp(0)], 2);
  const { sessionId } = lac;
  lac.say('ICCN', [attribute.sequencingRequired.avp(true)], 3, { sessionId });
  lac.lns.perform(lac.lns.engine.sendPpp(sessionOf(lac.lns), Uint8Array.of(1)));
  expect(decodePacket(lac.lns.sent.at(-1) ?? new Uint8Array())).toMatchObject({ ok: true, value: { ns: 0 } });
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

test('a LAC that counts its tunnels begins with 1 and goes on with each attempt (the field facts C4)', () => {
  const pair = pairOf(14, perfect, { lac: { countsTunnels: true } });
  connect(pair);
  pair.lac.perform(pair.lac.engine.close(pair.simulation.now));
  pair.simulation.run(() => pair.lac.downs.length === 2, 500_000);
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, pair.simulation.now));
  pair.simulation.run(() => pair.lac.ups.length === 2, 500_000);
  const ids = pair.lns.facts.flatMap((fact) =>
    fact.fact === 'l2tp-tunnel-established' ? [fact.peerTunnelId] : [],
  );
  expect(ids).toEqual([1, 2]);
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

test('a repeated SCCRQ is acknowledged, not answered by another tunnel', () => {
  const lac = new ScriptedLac();
  lac.give(control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 }));
  expect(lac.lns.engine.summary().tunnels).toBe(1);
  expect(lac.lns.messages.filter((message) => message === 'sent SCCRP')).toHaveLength(1);
});

test('an SCCRQ for a tunnel that stands, by another SA, is that of a peer which was started again', () => {
  const { lns, tunnelId } = new ScriptedLac();
  const request = control('SCCRQ', startAvps(lacConfig, 13), { tunnelId: 0, ns: 0, nr: 0 });
  const again = () =>
    lns.perform(lns.engine.receive({ peer: { ...lacSeen, spi: 0x5678 }, message: request }, 20));
  again();
  expect(lns.facts).toContainEqual(expect.objectContaining({ fact: 'closed', layer: 'l2tp', by: 'peer' }));
  expect(lns.engine.summary().tunnels).toBe(1);
  const { name, avps } = sentBy(lns);
  expect(name).toBe('SCCRP');
  expect(attribute.assignedTunnelId.in(avps)).not.toBe(tunnelId);
  again();
  expect(lns.messages.filter((message) => message === 'sent SCCRP')).toHaveLength(2);
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

test('PPP frames arrive once and in order where both ends number and queue them, over a wire that reorders', () => {
  const reordering = { maximumFrames: 32, maximumMs: 1000 };
  for (let seed = 0; seed < 10; seed++) {
    const ends = { sequencesData: true, reordering } as const;
    const pair = pairOf(700 + seed, perfect, { lac: ends, lns: ends });
    connect(pair);
    pair.simulation.impairment = { loss: 0, duplication: 0.3, slowestMs: 200 };
    const frames = Array.from({ length: 200 }, (_, index) => Uint8Array.of(index));
    for (const [index, frame] of frames.entries()) {
      pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), frame));
      pair.lns.perform(pair.lns.engine.sendPpp(sessionOf(pair.lns), frame));
      pair.simulation.runTo(pair.simulation.now + 5 + (index % 10));
    }
    pair.simulation.runTo(pair.simulation.now + 5000);
    for (const station of [pair.lac, pair.lns]) {
      expect(
        station.frames.map(({ frame }) => frame),
        `seed ${seed}`,
      ).toEqual(frames);
    }
  }
});

test('lost frames hold the others up no longer than the settings say', () => {
  const reordering = { maximumFrames: 64, maximumMs: 300 };
  const pair = pairOf(720, perfect, { lac: { sequencesData: true }, lns: { reordering } });
  connect(pair);
  pair.simulation.impairment = { loss: 0.3, duplication: 0.2, slowestMs: 100 };
  const sent = Array.from({ length: 200 }, (_, index) => index);
  for (const octet of sent) {
    pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), Uint8Array.of(octet)));
    pair.simulation.runTo(pair.simulation.now + 10);
  }
  pair.simulation.runTo(pair.simulation.now + 1000);
  const received = pair.lns.frames.map(({ frame }) => frame[0] ?? -1);
  expect(received).toEqual([...new Set(received)].sort((a, b) => a - b));
  expect(received.length).toBeGreaterThan(100);
  expect(received.length).toBeLessThan(200);
});

test('an LNS switches numbers on and off, and its LAC follows (RFC 2661 5.4)', () => {
  const pair = pairOf(721, perfect);
  connect(pair);
  const numbers = (enabled: boolean) => {
    pair.lns.engine.sequenceData(sessionOf(pair.lns), enabled);
    pair.lns.perform(pair.lns.engine.sendPpp(sessionOf(pair.lns), Uint8Array.of(1)));
    pair.simulation.runTo(pair.simulation.now + 10);
    pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), Uint8Array.of(1)));
    const data = decodePacket(pair.lac.sent.at(-1) ?? new Uint8Array());
    return data.ok && data.value.type === 'data' ? data.value.ns : 'no data';
  };
  expect([true, true, false, true].map(numbers)).toEqual([0, 1, undefined, 2]);
});

test('every form of data header carries frames both ways', () => {
  for (const dataHeader of [
    { withoutLength: true },
    { offsetSize: 7 },
    { prioritisesEcho: true },
    { withoutLength: true, offsetSize: 0, prioritisesEcho: true },
  ] as const) {
    const pair = pairOf(722, perfect, { lac: { dataHeader }, lns: { dataHeader } });
    connect(pair);
    const echo = Uint8Array.of(0xff, 0x03, 0xc0, 0x21, 9, 1, 0, 4);
    pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), echo));
    pair.lns.perform(pair.lns.engine.sendPpp(sessionOf(pair.lns), echo));
    pair.simulation.runTo(1000);
    expect([...pair.lac.frames, ...pair.lns.frames].map(({ frame }) => frame)).toEqual([echo, echo]);
  }
});
