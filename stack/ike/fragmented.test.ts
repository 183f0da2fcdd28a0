import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noFlags } from '../isakmp/header.ts';
import { encodeMessage } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { FragmentationConfig } from './config.ts';
import { fragments } from './fragmentation.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { initiatorConfig } from './testing/configs.ts';
import { clientOf, responderWith } from './testing/scripted-initiator.ts';
import {
  atBoth,
  atClient,
  atResponder,
  expectMirrored,
  failures,
  nowhere,
  pair,
} from './testing/simulated-pair.ts';

/* Vendor fragmentation between whole engines ([MS-IKEE] 3.3). */
const small: FragmentationConfig = { maximumOctets: 150 };
const fragmentPayload = 132;
const bare = '4048b7d56ebce88525e7de7f00d6c2d3';

type Pair = ReturnType<typeof pair>;

function fragmentsOn({ simulation }: Pair): number {
  return simulation.wire.filter(({ payload }) => payload[16] === fragmentPayload).length;
}

/** Drops what would be an IP packet of more octets, as a NAT does that loses IP fragments (rule NAT-22). */
function narrow({ simulation }: Pair, octets: number): void {
  simulation.tamper = (datagram) => (28 + datagram.payload.length > octets ? undefined : datagram);
}

test.each([
  ['nowhere', nowhere],
  ['at the client', atClient],
  ['at the responder', atResponder],
  ['at both', atBoth],
])('NAT %s: both ends cut what is too large, and put it together', (_where, place) => {
  const both = { initiator: { fragmentation: small }, responder: { fragmentation: small } };
  const setting = pair({ ...place, ...both });
  setting.simulation.runTo(30_000);
  expectMirrored(setting.client, setting.server);
  expect(fragmentsOn(setting)).toBeGreaterThan(4);
  // Only message 1 and its answer had to be sent before the other end was known to put fragments together.
  const whole = setting.simulation.wire.filter(
    ({ payload }) => 28 + payload.length > small.maximumOctets && payload[16] !== fragmentPayload,
  );
  expect(whole).toHaveLength(1);
  for (const host of [setting.client, setting.server]) {
    expect(host.factsNamed('ike-message').filter(({ transmission }) => transmission > 1)).toEqual([]);
    expect(host.factsNamed('packet-dropped')).toEqual([]);
  }
});

test.each([nowhere, atClient, atBoth])(
  'aggressive mode: message 2 and what follows are cut as well (%o)',
  (place) => {
    const setting = pair({
      ...place,
      initiator: { phase1Mode: 'aggressive', fragmentation: small },
      responder: { acceptsAggressive: true, fragmentation: small },
    });
    setting.simulation.runTo(30_000);
    expectMirrored(setting.client, setting.server);
    const exchanges = setting.simulation.wire
      .filter(({ payload }) => payload[16] === fragmentPayload)
      .map(({ payload }) => payload[18]);
    // Exchange types: aggressive 4, quick mode 32 (RFC 2408 3.1, RFC 2409 appendix A).
    expect(new Set(exchanges)).toEqual(new Set([4, 32]));
  },
);

test('through a NAT that loses what is too large it connects with fragments, and not without (rule NAT-22)', () => {
  const both = {
    initiator: { fragmentation: { maximumOctets: 200 } },
    responder: { fragmentation: { maximumOctets: 200 } },
  };
  const narrowed = pair({ ...atClient, ...both });
  narrow(narrowed, 200);
  narrowed.simulation.runTo(30_000);
  expectMirrored(narrowed.client, narrowed.server);
  const without = pair(atClient);
  narrow(without, 200);
  without.simulation.runTo(120_000);
  expect(without.client.installed.size).toBe(0);
  expect(failures(without.client)).toEqual([[1, 'no-answer']]);
});

test('a peer that did not announce it gets no fragment', () => {
  for (const silent of ['initiator', 'responder'] as const) {
    const talkative = silent === 'initiator' ? 'responder' : 'initiator';
    const setting = pair({ [talkative]: { fragmentation: small } });
    setting.simulation.runTo(30_000);
    expectMirrored(setting.client, setting.server);
    expect(fragmentsOn(setting)).toBe(0);
  }
});

test('a vendor id without the capability of main mode is no announcement, one with it is', () => {
  for (const [capabilities, cuts] of [
    ['40000000', false],
    ['c0000000', true],
  ] as const) {
    const setting = pair({
      initiator: { vendorIds: [bare + capabilities] },
      responder: { fragmentation: small },
    });
    setting.simulation.runTo(5000);
    expect(fragmentsOn(setting) > 0).toBe(cuts);
  }
});

test.each([1, 2, 3, 4, 5])('through loss, duplication and overtaking of fragments (seed %i)', (seed) => {
  const setting = pair({
    ...atClient,
    seed,
    initiator: { fragmentation: small },
    responder: { fragmentation: small },
    network: { loss: 0.1, duplication: 0.3, slowestMs: 300 },
  });
  const done = () => setting.client.installed.size === 1 && setting.server.installed.size === 1;
  expect(setting.simulation.run(done, 120_000)).toBe(true);
  expectMirrored(setting.client, setting.server);
});

test('as Windows: nothing is cut at first, then only what carries an ID payload ([MS-IKEE] 3.3.2, 3.3.6.1)', () => {
  const windows: FragmentationConfig = { maximumOctets: 150, which: 'identity-when-repeated' };
  const both = { initiator: { fragmentation: windows }, responder: { fragmentation: windows } };
  const wide = pair(both);
  wide.simulation.runTo(30_000);
  expectMirrored(wide.client, wide.server);
  expect(fragmentsOn(wide)).toBe(0);
  // Message 1 of quick mode is the only one with an ID payload that does not fit.
  const narrowed = pair(both);
  const lost: number[] = [];
  narrowed.simulation.tamper = (datagram) => {
    const quickMode = datagram.payload[18] === 32;
    if (!quickMode || 28 + datagram.payload.length <= 150) return datagram;
    lost.push(datagram.payload.length);
    return undefined;
  };
  narrowed.simulation.runTo(60_000);
  expectMirrored(narrowed.client, narrowed.server);
  expect(lost.length).toBeGreaterThan(0);
  expect(fragmentsOn(narrowed)).toBeGreaterThan(0);
  // Message 3 has a key and no identity: where that is lost Windows does not help itself.
  const earlier = pair(both);
  earlier.simulation.tamper = (datagram) =>
    datagram.payload[18] === 2 && 28 + datagram.payload.length > 200 ? undefined : datagram;
  earlier.simulation.runTo(120_000);
  expect(earlier.client.installed.size).toBe(0);
  expect(fragmentsOn(earlier)).toBe(0);
});

test('a fragment of an earlier message under the same id is no hindrance (strongSwan has one id for all)', () => {
  const setting = pair({ initiator: { fragmentation: small }, responder: { fragmentation: small } });
  setting.simulation.tamper = (datagram) => {
    if (datagram.payload[16] !== fragmentPayload) return datagram;
    return { ...datagram, payload: datagram.payload.with(32, 0).with(33, 1) };
  };
  // Of message 3 the last fragment is lost once.
  let lost = false;
  const renamed = setting.simulation.tamper;
  setting.simulation.tamper = (datagram) => {
    const last = datagram.payload[16] === fragmentPayload && datagram.payload[35] === 1;
    if (last && !lost) {
      lost = true;
      return undefined;
    }
    return renamed(datagram);
  };
  setting.simulation.runTo(60_000);
  expectMirrored(setting.client, setting.server);
});

test('a stranger with fragments of the same cookies, ids and numbers spoils nothing', () => {
  const setting = pair({
    initiator: { fragmentation: small },
    responder: { fragmentation: small },
    network: { slowestMs: 1 },
  });
  const { simulation, server, client } = setting;
  let forged = 0;
  simulation.tamper = (datagram) => {
    // On a wire that keeps the order, each fragment on its way to the server has a forged one right before it.
    if (datagram.payload[16] === fragmentPayload && datagram.destination.ip === server.address) {
      forged++;
      const payload = datagram.payload.map((octet, index) => (index > 35 ? octet ^ 0xff : octet));
      const source = { ip: '198.18.66.66', port: 500 };
      simulation.carry(() => server.receive({ ...datagram, source, payload }));
    }
    return datagram;
  };
  simulation.runTo(30_000);
  expect(forged).toBeGreaterThan(1);
  expectMirrored(client, server);
  const repeated = client.factsNamed('ike-message').filter(({ transmission }) => transmission > 1);
  expect(repeated).toEqual([]);
});

test('fragments that were not asked for, under unknown cookies, not alone or inside each other lead to nothing', () => {
  const deaf = clientOf(responderWith());
  const { message } = startMainMode(initiatorConfig, deaf);
  const parts = fragments(message, 1, 500, 100);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap((part) => deaf.send(part))).toEqual([]);
  const client = clientOf(responderWith({ fragmentation: small }));
  expect(parts.flatMap((part) => client.send(part))).toEqual([]);
  const [answer = new Uint8Array()] = client.send(startMainMode(initiatorConfig, client).message);
  const known = (octets: Uint8Array) => {
    const copy = octets.slice();
    copy.set(answer.subarray(0, 16), 0);
    return copy;
  };
  const [first = new Uint8Array()] = parts;
  const notAlone = known(first);
  notAlone[28] = 13;
  const [nested = new Uint8Array()] = fragments(known(first), 2, 500, 1000);
  const number0 = known(first);
  number0[34] = 0;
  for (const bad of [notAlone, nested, number0]) expect(client.send(bad)).toEqual([]);
  const dropped = [...deaf.facts, ...client.facts].flatMap((fact) =>
    fact.fact === 'packet-dropped' ? [fact.detail] : [],
  );
  expect(new Set(dropped)).toEqual(
    new Set([
      'a fragment, which was not asked for',
      'a fragment under unknown cookies',
      'a fragment that is none, or is not alone',
      'fragments that make no message of this SA',
    ]),
  );
});

test('whatever fragments come under the cookies of a negotiation, it throws nothing and goes on', () => {
  const engine = responderWith({ fragmentation: small });
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  const { initiatorCookie, responderCookie } = client;
  const start = { initiatorCookie, responderCookie, exchangeType: 2, flags: noFlags, messageId: 0 };
  const part = fc.tuple(
    fc.nat({ max: 3 }),
    fc.nat({ max: 5 }),
    fc.nat({ max: 1 }),
    fc.uint8Array({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(part, ([id, number, flags, data]) => {
      const fragment: Payload = {
        payload: 'other',
        number: fragmentPayload,
        data: Uint8Array.of(0, id, number, flags, ...data),
      };
      client.send(encodeMessage(start, [fragment]));
    }),
    { numRuns: 2000 },
  );
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: 1, phase2: 0 });
  const answers = fragments(message5, 9, 500, 100).flatMap((each) => client.send(each));
  expect(answers).toHaveLength(1);
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
});
