import fc from 'fast-check';
import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { startAvps } from './avp-lists.ts';
import type { L2tpConfig } from './config.ts';
import { decodePacket, encodeControlPacket } from './header.ts';
import { encodeMessage } from './message.ts';
import { ScriptedLac } from './testing/scripted-lac.ts';
import { lacConfig, lacSeen, lnsConfig, lnsSeen, pairOf, Station } from './testing/tunnel-pair.ts';

/** An LNS that corrupts what it sends must not get a session; the same LNS without that does. */
function connectsWith(corrupt: (message: Uint8Array) => Uint8Array): boolean {
  const { simulation, lac, lns } = pairOf(1, perfect);
  lns.corrupt = corrupt;
  lac.perform(lac.engine.dial(lnsSeen, 0));
  return simulation.run(() => lac.ups.length > 0, 300_000);
}

function change(message: Uint8Array, edit: (view: DataView) => void): Uint8Array {
  const copy = message.slice();
  edit(new DataView(copy.buffer));
  return copy;
}

const isZlb = (message: Uint8Array) => message.length === 12;

test('an engine that counts its AVP lengths wrong by one is caught', () => {
  const offByOne = (by: number) => (message: Uint8Array) =>
    isZlb(message) ? message : change(message, (view) => view.setUint16(12, view.getUint16(12) + by));
  expect(connectsWith(offByOne(0))).toBe(true);
  expect(connectsWith(offByOne(1))).toBe(false);
  expect(connectsWith(offByOne(-1))).toBe(false);
});

test('an engine that acknowledges the wrong Nr is caught', () => {
  const wrongNr = (by: number) => (message: Uint8Array) =>
    change(message, (view) => view.setUint16(10, view.getUint16(10) + by));
  expect(connectsWith(wrongNr(0))).toBe(true);
  expect(connectsWith(wrongNr(1))).toBe(false);
  expect(connectsWith(wrongNr(-1))).toBe(false);
});

test('an engine that does not advance Ns is caught', () => {
  const stuck = (message: Uint8Array) => change(message, (view) => view.setUint16(8, 0));
  expect(connectsWith(stuck)).toBe(false);
});

/** Bounded: a tunnel or session too many, or a pile of effects, fails. */
function expectBounded(station: Station): void {
  expect(station.engine.summary().tunnels).toBeLessThanOrEqual(lnsConfig.maximumTunnels);
}

test('random datagrams never throw and leave nothing behind', () => {
  const lns = new Station(lnsConfig, '1');
  let now = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (message) => {
      lns.perform(lns.engine.receive({ peer: lacSeen, message }, now++));
      lns.perform(lns.engine.tick(now));
      expectBounded(lns);
      lns.facts.length = 0;
    }),
    { numRuns: 2000 },
  );
});

/** Every message of one good connection, as both ends sent it. */
function transcript(config: Partial<L2tpConfig>): { toLns: Uint8Array[]; toLac: Uint8Array[] } {
  const { simulation, lac, lns } = pairOf(5, perfect, { lac: config, lns: config });
  lac.perform(lac.engine.dial(lnsSeen, 0));
  simulation.run(() => lns.ups.length > 0, 60_000);
  lac.perform(lac.engine.close(simulation.now));
  simulation.run(() => lac.downs.length > 0, 60_000);
  return { toLns: lac.sent, toLac: lns.sent };
}

/** Settings that use everything which reads the peer's octets. */
const secretive: Partial<L2tpConfig> = {
  tunnelSecret: 'secret',
  challenges: true,
  hides: ['assignedTunnelId', 'assignedSessionId', 'challenge', 'challengeResponse'],
  tieBreaker: 'random',
  sequencesData: true,
  reordering: { maximumFrames: 4, maximumMs: 100 },
};

const open = transcript({});
const hidden = transcript(secretive);

const mutation = fc.record({
  at: fc.nat(200),
  octet: fc.integer({ min: 0, max: 255 }),
  cut: fc.option(fc.nat(200), { nil: undefined }),
});

function mutate(
  message: Uint8Array,
  edit: { at: number; octet: number; cut: number | undefined },
): Uint8Array {
  const copy = message.slice(0, edit.cut === undefined ? message.length : edit.cut);
  if (edit.at < copy.length) copy[edit.at] = edit.octet;
  return copy;
}

test('mutated transcripts never throw, in either role, and end by themselves', () => {
  const roles = [
    { config: lnsConfig, seed: 'lns 5', messages: open.toLns, peer: lacSeen },
    { config: lacConfig, seed: 'lac 5', messages: open.toLac, peer: lnsSeen },
    { config: { ...lnsConfig, ...secretive }, seed: 'lns 5', messages: hidden.toLns, peer: lacSeen },
    { config: { ...lacConfig, ...secretive }, seed: 'lac 5', messages: hidden.toLac, peer: lnsSeen },
    // Both transcripts' SCCRQ cross its own.
    {
      config: { ...lacConfig, answersTunnels: true as const, maximumTunnels: 3 },
      seed: 'lac 5',
      messages: [...open.toLac, ...open.toLns],
      peer: lnsSeen,
    },
  ];
  const step = fc.record({ index: fc.nat(20), edits: fc.array(mutation, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.array(step, { maxLength: 12 }), (role, steps) => {
      const station = new Station(role.config, role.seed);
      let now = 0;
      if (role.config.role === 'lac') station.perform(station.engine.dial(lnsSeen, now));
      for (const { index, edits } of steps) {
        const original = role.messages[index % role.messages.length] ?? new Uint8Array();
        const message = edits.reduce(mutate, original);
        station.perform(station.engine.receive({ peer: role.peer, message }, now));
        now += 100;
        station.perform(station.engine.tick(now));
        expectBounded(station);
      }
      station.perform(station.engine.close(now));
      for (
        let deadline = station.engine.deadline();
        deadline !== undefined;
        deadline = station.engine.deadline()
      ) {
        expect(deadline).toBeGreaterThanOrEqual(0);
        now = Math.max(now, deadline);
        station.perform(station.engine.tick(now));
        expect(now).toBeLessThan(1_000_000);
      }
      expect(station.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
    }),
    { numRuns: 1500 },
  );
});

test('a flood of requests from many tunnels keeps no more than the tunnels allowed', () => {
  const lns = new Station(lnsConfig, '1');
  for (let tunnelId = 1; tunnelId <= 500; tunnelId++) {
    const body = encodeMessage('SCCRQ', startAvps(lacConfig, tunnelId));
    const message = encodeControlPacket({ tunnelId: 0, sessionId: 0, ns: 0, nr: 0, body });
    lns.perform(lns.engine.receive({ peer: lacSeen, message }, tunnelId));
  }
  expect(lns.engine.summary().tunnels).toBe(lnsConfig.maximumTunnels);
  expect(lns.facts.filter((fact) => fact.fact === 'l2tp-failed')).toHaveLength(
    500 - lnsConfig.maximumTunnels,
  );
});

/** Sends so many ICRQs; `acknowledging` says whether what the LNS sends is acknowledged. */
function callALot(calls: number, acknowledging: boolean): Station {
  const lac = new ScriptedLac();
  let nr = 1;
  lac.lns.connect((bytes) => {
    const packet = decodePacket(bytes);
    if (acknowledging && packet.ok && packet.value.body.length > 0) nr++;
  });
  lac.say('SCCCN', [], 1);
  for (let call = 1; call <= calls; call++) {
    const avps = [attribute.assignedSessionId.avp(call), attribute.callSerialNumber.avp(call)];
    lac.say('ICRQ', avps, 1 + call, { nr });
  }
  return lac.lns;
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
