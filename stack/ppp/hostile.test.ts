import fc from 'fast-check';
import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import type { PppClientConfig, PppConfig, PppServerConfig } from './config.ts';
import { decodeFrame, encodeFrame, PppProtocol } from './frame.ts';
import { encodeOptions } from './option.ts';
import { encodePacket } from './packet.ts';
import { bringUp, clientConfig, LinkEnd, linkOf, serverConfig } from './testing/link-pair.ts';

test('a server with a wrong authenticator response is caught by the client', () => {
  const withProof = (spoil: boolean) => {
    const pair = linkOf(1, perfect, { server: { authentication: ['ms-chap-v2'] } });
    pair.server.corrupt = (bytes) => {
      const frame = decodeFrame(bytes);
      if (!frame.ok || frame.value.protocol !== PppProtocol.chap || frame.value.information[0] !== 3)
        return bytes;
      const copy = bytes.slice();
      // The first hexadecimal digit after "S=".
      if (spoil) copy[4 + 4 + 2] = copy[10] === 0x30 ? 0x31 : 0x30;
      return copy;
    };
    const up = bringUp(pair);
    return { up, failure: pair.client.failure };
  };
  expect(withProof(false)).toEqual({ up: true, failure: undefined });
  expect(withProof(true)).toMatchObject({
    up: false,
    failure: {
      layer: 'auth',
      reason: 'auth-failed',
      detail: 'the authenticator response is missing or wrong',
    },
  });
});

test('an end that counts its option lengths wrong by one is caught', () => {
  const connectsWith = (by: number) => {
    const pair = linkOf(2, perfect);
    pair.client.corrupt = (bytes) => {
      const copy = bytes.slice();
      // FF 03 C0 21, code, identifier, length, then type and length of the first option.
      if (copy[2] === 0xc0 && copy[4] === 1) copy[9] = (copy[9] ?? 0) + by;
      return copy;
    };
    return bringUp(pair);
  };
  expect(connectsWith(0)).toBe(true);
  expect(connectsWith(1)).toBe(false);
  expect(connectsWith(-1)).toBe(false);
});

test('an end that acknowledges other options than those asked for is caught', () => {
  const pair = linkOf(3, perfect);
  pair.server.corrupt = (bytes) => {
    const copy = bytes.slice();
    if (copy[2] === 0xc0 && copy[4] === 2) copy[11] = (copy[11] ?? 0) ^ 1;
    return copy;
  };
  expect(bringUp(pair)).toBe(false);
});

const everything = {
  ipv6cp: true,
  lcpOptions: [
    { option: 'mru' },
    { option: 'async-control-character-map', map: 0xa0000 },
    { option: 'magic-number' },
    { option: 'callback', operation: 6 },
    { option: 'mrru', octets: 1614 },
    { option: 'other', type: 23, data: '0e2d' },
  ],
  compressesHeaders: true,
} as const;
const windows: PppConfig = {
  ...clientConfig,
  ...everything,
  accepts: ['ms-chap-v2', 'ms-chap-v1', 'pap'],
  retryPasswords: ['again', 'and again'],
  requestsWins: true,
  ccp: { supportedBits: 0x01000001 },
  terminateReason: 'windows',
};
const router: PppConfig = {
  ...serverConfig,
  ...everything,
  authentication: ['ms-chap-v1', 'ms-chap-v2', 'pap'],
  authenticationRetries: 3,
  rechallengeSeconds: 5,
  wins: ['10.0.0.63'],
  rejectsCcpOptions: true,
};
const roles: readonly (readonly [string, PppConfig])[] = [
  ['client', clientConfig],
  ['server', { ...serverConfig, authentication: ['ms-chap-v2', 'chap-md5'] }],
  ['client with everything', windows],
  ['server with everything', router],
  ['server with PAP', { ...router, authentication: ['pap'] }],
];

/** Lets the link die of silence: it must, in bounded time, with one link-down. */
function expectAnEnd(end: LinkEnd, from: number): void {
  let now = from;
  end.perform(end.engine.close('over', now));
  for (let at = end.engine.deadline(); at !== undefined; at = end.engine.deadline()) {
    now = Math.max(now, at);
    end.perform(end.engine.tick(now));
    expect(now).toBeLessThan(from + 3_600_000);
  }
  expect(end.downs).toHaveLength(1);
  const ends = end.facts.filter(
    (fact) => fact.fact === 'ppp-failed' || (fact.fact === 'closed' && fact.layer === 'ppp'),
  );
  expect(ends).toHaveLength(1);
}

/** Well-formed options, which random octets seldom are. */
const anyOptions = fc
  .array(
    fc.record({
      type: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13, 17, 18, 19, 129, 130, 131, 132),
      data: fc.oneof(
        fc.uint8Array({ maxLength: 6 }),
        fc.constantFrom(
          Uint8Array.of(0xc0, 0x23),
          Uint8Array.of(0xc2, 0x23, 0x80),
          Uint8Array.of(0, 0, 0, 0),
        ),
      ),
    }),
    { maxLength: 5 },
  )
  .map((options) => encodeOptions(options));

const anyPacket = fc
  .record({
    protocol: fc.constantFrom(0xc021, 0xc023, 0xc223, 0x8021, 0x8057, 0x0021, 0x0057, 0x80fd),
    code: fc.integer({ min: 0, max: 14 }),
    identifier: fc.integer({ min: 0, max: 12 }),
    data: fc.oneof(fc.uint8Array({ maxLength: 30 }), anyOptions),
  })
  .map((packet) => encodeFrame(packet.protocol, encodePacket(packet)));

test.each(roles)(
  '%s: random frames never throw, answers stay in proportion, and the link ends',
  (_role, config) => {
    const frames = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), anyPacket), { maxLength: 20 });
    fc.assert(
      fc.property(frames, (received) => {
        const end = new LinkEnd(config, '1');
        end.perform(end.engine.start(0));
        for (const [index, frame] of received.entries()) {
          const before = end.sent.length;
          end.perform(end.engine.receive(frame, index));
          expect(end.sent.length - before).toBeLessThanOrEqual(6);
        }
        expectAnEnd(end, 1000);
      }),
      { numRuns: 800 },
    );
  },
);

function transcript(names: { client: string; server: string }): {
  toServer: Uint8Array[];
  toClient: Uint8Array[];
} {
  const pair = linkOf(4, perfect, { client: asClient(names.client), server: asServer(names.server) });
  bringUp(pair);
  return { toServer: pair.client.sent, toClient: pair.server.sent };
}

function asClient(name: string): PppClientConfig {
  const config = roles.find(([each]) => each === name)?.[1];
  return config?.role === 'client' ? config : clientConfig;
}

function asServer(name: string): PppServerConfig {
  const config = roles.find(([each]) => each === name)?.[1];
  return config?.role === 'server' ? config : serverConfig;
}

const usual = transcript({ client: 'client', server: 'server' });
const full = transcript({ client: 'client with everything', server: 'server with everything' });

test.each([
  ['client', usual.toClient],
  ['server', usual.toServer],
  ['client with everything', full.toClient],
  ['server with everything', full.toServer],
] as const)('%s: mutated transcripts never throw, and the link ends', (role, messages) => {
  const config = roles.find(([name]) => name === role)?.[1] ?? clientConfig;
  const edit = fc.record({ at: fc.nat(60), octet: fc.integer({ min: 0, max: 255 }) });
  const step = fc.record({ index: fc.nat(30), edits: fc.array(edit, { maxLength: 2 }), cut: fc.nat(120) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const end = new LinkEnd(config, `${role} 4`);
      end.perform(end.engine.start(0));
      for (const [now, { index, edits, cut }] of steps.entries()) {
        const copy = (messages[index % messages.length] ?? new Uint8Array()).slice(0, cut);
        for (const { at, octet } of edits) if (at < copy.length) copy[at] = octet;
        end.perform(end.engine.receive(copy, now * 50));
        end.perform(end.engine.tick(now * 50));
      }
      expectAnEnd(end, 10_000);
    }),
    { numRuns: 800 },
  );
});

test('a control packet above what LCP lets the peer send is dropped, so that memory is bounded', () => {
  const end = new LinkEnd(serverConfig, '1');
  end.perform(end.engine.start(0));
  const before = end.sent.length;
  const data = encodeOptions(Array.from({ length: 500 }, () => ({ type: 99, data: new Uint8Array(1) })));
  const request = (octets: Uint8Array) => encodePacket({ code: 1, identifier: 1, data: octets });
  // RFC 1661 6.1: 1500 octets can always be received.
  end.perform(end.engine.receive(encodeFrame(PppProtocol.lcp, request(data.subarray(0, 1497))), 1));
  expect(end.sent).toHaveLength(before);
  expect(end.facts).toEqual([
    { fact: 'packet-dropped', reason: 'malformed', detail: 'PPP packet of 1501 octets' },
  ]);
  end.perform(end.engine.receive(encodeFrame(PppProtocol.lcp, request(data.subarray(0, 1494))), 1));
  expect(end.sent).toHaveLength(before + 1);
});
