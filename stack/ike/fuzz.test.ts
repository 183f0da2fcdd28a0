import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import { clientOf, responderWith } from './testing/scripted-initiator.ts';
import { atBoth, pair, type Setting } from './testing/simulated-pair.ts';

const anyPayload: fc.Arbitrary<Payload> = fc.record({
  payload: fc.constant('other' as const),
  number: fc.constantFrom(1, 4, 5, 8, 10, 11, 12, 13, 20, 21, 77, 130, 131),
  data: fc.uint8Array({ maxLength: 60 }),
});

const modes: [string, Pick<Setting, 'initiator' | 'responder'>][] = [
  ['main mode', {}],
  [
    'aggressive mode with PFS',
    { initiator: { phase1Mode: 'aggressive', pfs: 19 }, responder: { acceptsAggressive: true } },
  ],
];

test.each(modes)(
  '%s: datagrams damaged on the way never throw, and leave no more than was opened',
  (_, mode) => {
    const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 12 }), fc.integer(), (damages, seed) => {
        const { simulation, client, server } = pair({ ...atBoth, ...mode, seed, network: { slowestMs: 50 } });
        let sent = 1;
        simulation.tamper = (datagram) => {
          const payload = datagram.payload.slice();
          for (const [offset, octet] of damages[sent % Math.max(1, damages.length)] ?? []) {
            if (offset < payload.length) payload[offset] = octet;
          }
          sent++;
          return { ...datagram, payload };
        };
        simulation.runTo(30_000);
        for (const host of [client, server]) {
          const { phase1, halfOpen } = host.engine.summary();
          expect(phase1 + halfOpen).toBeLessThanOrEqual(16);
        }
      }),
      { numRuns: 300 },
    );
  },
);

test('any octets at any moment give effects, never an exception', () => {
  const engine = responderWith({ acceptsAggressive: true });
  const client = clientOf(engine);
  client.establish();
  const { initiatorCookie, responderCookie } = client;
  const cookies = fc.constantFrom(
    [...initiatorCookie, ...responderCookie],
    [...initiatorCookie, ...new Uint8Array(8)],
    [...new Uint8Array(16)],
  );
  const message = fc
    .tuple(
      cookies,
      fc.nat(255),
      fc.constantFrom(2, 4, 5, 32, 99),
      fc.nat(7),
      fc.uint8Array({ maxLength: 120 }),
    )
    .map(([start, nextPayload, exchangeType, flags, body]) => {
      const length = 28 + body.length;
      return Uint8Array.from([
        ...start,
        nextPayload,
        0x10,
        exchangeType,
        flags,
        0,
        0,
        0,
        5,
        0,
        0,
        length >> 8,
        length,
        ...body,
      ]);
    });
  fc.assert(
    fc.property(fc.oneof(message, fc.uint8Array({ maxLength: 64 })), (octets) => {
      client.send(octets);
    }),
    { numRuns: 3000 },
  );
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
});

test('an authentic peer may say anything under its own keys', () => {
  const client = clientOf(responderWith({ sendsNotifies: true }));
  const phase1 = client.establish();
  const { initiatorCookie, responderCookie } = client;
  let messageId = 0;
  fc.assert(
    fc.property(
      fc.array(anyPayload, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(ExchangeType.quickMode, ExchangeType.informational),
      fc.boolean(),
      (payloads, exchangeType, hashed) => {
        messageId++;
        const start = { initiatorCookie, responderCookie, exchangeType, messageId };
        const contents = hashed ? withHash(phase1.keys, messageId, new Uint8Array(), payloads) : payloads;
        client.send(sealMessage(phase1.keys, firstIv(phase1, messageId), start, contents).octets);
      },
    ),
    { numRuns: 2000 },
  );
});
