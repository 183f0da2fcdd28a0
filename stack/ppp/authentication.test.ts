import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { decodeFrame, encodeFrame, PppProtocol } from './frame.ts';
import { decodeMsChapFailure } from './ms-chap-failure.ts';
import { encodePacket, PacketCode } from './packet.ts';
import { bringUp, comeDown, factNames, type LinkPair, linkOf, sentBy, start } from './testing/link-pair.ts';

const chap = (end: LinkPair['client'], code: number) =>
  sentBy(end).filter((packet) => packet.protocol === PppProtocol.chap && packet.code === code);
const textOf = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();

test.each(['ms-chap-v1', 'ms-chap-v2'] as const)(
  '%s: a permitted retry answers the challenge of the Failure under the next identifier (RFC 2759 6)',
  (authentication) => {
    const pair = linkOf(40, perfect, {
      server: { authentication: [authentication], authenticationRetries: 1 },
      client: { accepts: [authentication], password: 'opensesamE', retryPasswords: ['opensesame'] },
    });
    expect(bringUp(pair)).toBe(true);
    const [failure] = chap(pair.server, 4);
    expect(decodeMsChapFailure(textOf(failure?.data))).toMatchObject({ error: 691, retry: true });
    const [first, second] = chap(pair.client, 2).map(({ identifier }) => identifier);
    expect(second).toBe((first ?? 0) + 1);
    expect(chap(pair.server, 1)).toHaveLength(1);
    expect(pair.server.failure).toBeUndefined();
  },
);

test('a retry with another wrong password is the end: R=0', () => {
  const pair = linkOf(41, perfect, {
    server: { authentication: ['ms-chap-v2'], authenticationRetries: 1 },
    client: { password: 'one', retryPasswords: ['two', 'opensesame'] },
  });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  const flags = chap(pair.server, 4).map(({ data }) => decodeMsChapFailure(textOf(data))?.retry);
  expect(flags).toEqual([true, false]);
  expect(pair.client.failure).toMatchObject({ layer: 'auth', reason: 'auth-failed', errorNumber: 691 });
});

test('a client that hangs up instead of trying again was refused, not lost', () => {
  const pair = linkOf(42, perfect, {
    server: { authentication: ['ms-chap-v2'], authenticationRetries: 2 },
    client: { password: 'one' },
  });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure).toMatchObject({
    layer: 'auth',
    reason: 'auth-failed',
    detail: 'wrong password: "alice"',
    errorNumber: 691,
  });
});

test('a client that neither hangs up nor tries again is refused in the end', () => {
  const pair = linkOf(43, perfect, {
    server: { authentication: ['ms-chap-v2'], authenticationRetries: 2 },
    client: { password: 'one' },
  });
  pair.client.corrupt = (bytes) => (bytes[2] === 0xc0 && bytes[4] === 5 ? new Uint8Array() : bytes);
  start(pair);
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
  expect(pair.server.failure).toMatchObject({ reason: 'auth-failed', errorNumber: 691 });
});

test.each([646, 647, 648, 649] as const)(
  'an account with E=%i does not come in, and both sides tell why',
  (refusal) => {
    const user = (name: string) => (name === 'alice' ? { password: 'opensesame', refusal } : undefined);
    const pair = linkOf(44, perfect, { server: { authentication: ['ms-chap-v2'], user } });
    start(pair);
    expect(comeDown(pair)).toBe(true);
    for (const end of [pair.client, pair.server]) {
      expect(end.failure).toMatchObject({ layer: 'auth', reason: 'auth-failed', errorNumber: refusal });
    }
    expect(pair.client.failure?.detail).toMatch(
      new RegExp(`^E=${refusal} R=0 C=[0-9A-F]{32} V=3 M=.*${refusal} \\(the `),
    );
    expect(pair.server.failure?.detail).toMatch(new RegExp(`^refused with ${refusal} \\(the .*"alice"$`));
  },
);

test.each([
  ['ms-chap-v1', 5],
  ['ms-chap-v1', 6],
  ['ms-chap-v2', 7],
] as const)('%s: Change-Password (code %i) after E=648 is refused with E=709', (authentication, code) => {
  const user = () => ({ password: 'opensesame', refusal: 648 as const });
  const pair = linkOf(45, perfect, {
    server: { authentication: [authentication], user },
    client: { accepts: [authentication] },
  });
  // A client that asks its user for a new password instead of ending the link.
  pair.client.corrupt = (bytes) => {
    const frame = decodeFrame(bytes);
    if (!frame.ok || frame.value.protocol !== PppProtocol.lcp || frame.value.information[0] !== 5)
      return bytes;
    return encodeFrame(PppProtocol.chap, encodePacket({ code, identifier: 99, data: new Uint8Array(582) }));
  };
  start(pair);
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 30_000)).toBe(true);
  const failures = chap(pair.server, 4).map(({ identifier, data }) => [identifier, textOf(data).slice(0, 9)]);
  expect(failures.map(([, text]) => text)).toEqual(['E=648 R=0', 'E=709 R=0']);
  expect(failures[1]?.[0]).toBe(99);
  expect(pair.server.failure).toMatchObject({ reason: 'auth-failed', errorNumber: 648 });
});

test('a Change-Password that nobody asked for is ignored', () => {
  const pair = linkOf(46, perfect, { server: { authentication: ['ms-chap-v2'] } });
  bringUp(pair);
  const before = pair.server.sent.length;
  const change = encodePacket({ code: 7, identifier: 9, data: new Uint8Array(582) });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.chap, change), pair.simulation.now));
  expect(pair.server.sent).toHaveLength(before);
});

test.each(['chap-md5', 'ms-chap-v1', 'ms-chap-v2'] as const)(
  '%s: a challenge on a link that is up is answered, and the link stays (RFC 1994 2)',
  (authentication) => {
    const pair = linkOf(47, perfect, {
      server: { authentication: [authentication], rechallengeSeconds: 60, echoSeconds: 0 },
      client: { accepts: [authentication] },
    });
    bringUp(pair);
    pair.simulation.runTo(200_000);
    expect(chap(pair.client, 2)).toHaveLength(4);
    expect(chap(pair.server, 3)).toHaveLength(4);
    // RFC 1994 4.1: another identifier and another value each time.
    expect(new Set(chap(pair.server, 1).map(({ identifier }) => identifier)).size).toBe(4);
    expect(new Set(chap(pair.server, 1).map(({ data }) => textOf(data))).size).toBe(4);
    expect([pair.client.downs, pair.server.downs, pair.client.ups.length]).toEqual([[], [], 1]);
    expect(factNames(pair.server).filter((name) => name === 'ppp-authenticated')).toHaveLength(1);
  },
);

test('a user who is struck off while the link is up loses it at the next challenge', () => {
  let known = true;
  const user = () => (known ? { password: 'opensesame' } : undefined);
  const pair = linkOf(48, perfect, {
    server: { authentication: ['chap-md5'], rechallengeSeconds: 60, echoSeconds: 0, user },
  });
  bringUp(pair);
  known = false;
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({
    fact: 'closed',
    by: 'local',
    detail: 'no such user: "alice"',
  });
});

test('each challenge that is sent again has an identifier and a value of its own (RFC 1994 4.1)', () => {
  const pair = linkOf(49, perfect);
  pair.client.corrupt = (bytes) => (bytes[2] === 0xc2 ? new Uint8Array() : bytes);
  start(pair);
  expect(comeDown(pair)).toBe(true);
  const challenges = chap(pair.server, 1);
  expect(challenges).toHaveLength(10);
  expect(new Set(challenges.map(({ identifier }) => identifier)).size).toBe(10);
  expect(new Set(challenges.map(({ data }) => textOf(data))).size).toBe(10);
});

test('an MS-CHAP challenge of another length than the one it has is ignored', () => {
  for (const authentication of ['ms-chap-v1', 'ms-chap-v2'] as const) {
    const pair = linkOf(50, perfect, {
      server: { authentication: [authentication] },
      client: { accepts: [authentication] },
    });
    pair.server.corrupt = (bytes) => {
      const frame = decodeFrame(bytes);
      if (!frame.ok || frame.value.protocol !== PppProtocol.chap) return bytes;
      const challenge = { code: 1, identifier: 3, data: Uint8Array.of(7, 1, 2, 3, 4, 5, 6, 7) };
      return encodeFrame(PppProtocol.chap, encodePacket(challenge));
    };
    start(pair);
    expect(comeDown(pair)).toBe(true);
    expect(chap(pair.client, 2)).toEqual([]);
  }
});

test.each([
  // The client takes what is proposed if it takes it at all.
  [['pap', 'chap-md5', 'ms-chap-v2'], ['ms-chap-v2', 'pap'], 'pap'],
  // It Naks with its best, which the server has not; the server goes on in its own order.
  [['pap', 'chap-md5', 'ms-chap-v1'], ['ms-chap-v2', 'ms-chap-v1'], 'ms-chap-v1'],
  // It Naks with its best, and the server passes over what stands before it.
  [['ms-chap-v2', 'chap-md5', 'pap'], ['pap'], 'pap'],
] as const)('a server of %j and a client of %j agree on %s', (authentication, accepts, agreed) => {
  const pair = linkOf(51, perfect, { server: { authentication }, client: { accepts } });
  expect(bringUp(pair)).toBe(true);
  expect(pair.server.facts[0]).toMatchObject({ fact: 'lcp-opened', authentication: agreed });
});

test('a Protocol-Reject of CHAP says that the peer does not authenticate so', () => {
  const pair = linkOf(52, perfect);
  pair.client.corrupt = (bytes) => {
    const frame = decodeFrame(bytes);
    if (!frame.ok || frame.value.protocol !== PppProtocol.chap) return bytes;
    const reject = { code: PacketCode.protocolReject, identifier: 9, data: Uint8Array.of(0xc2, 0x23) };
    return encodeFrame(PppProtocol.lcp, encodePacket(reject));
  };
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure).toMatchObject({
    layer: 'auth',
    reason: 'auth-refused',
    detail: 'the peer rejects CHAP',
  });
});

test('a Response that comes again gets the same verdict, whatever it says now (RFC 1994 4.1)', () => {
  const pair = linkOf(53, perfect);
  bringUp(pair);
  const [response] = chap(pair.client, 2);
  const [success] = chap(pair.server, 3);
  if (response === undefined) throw new Error('no response');
  for (const data of [response.data, Uint8Array.of(1, 7), new Uint8Array()]) {
    const packet = encodePacket({ code: 2, identifier: response.identifier, data });
    const effects = pair.server.engine.receive(encodeFrame(PppProtocol.chap, packet), pair.simulation.now);
    const expected = encodePacket({
      code: 3,
      identifier: response.identifier,
      data: success?.data ?? new Uint8Array(),
    });
    expect(effects).toEqual([{ effect: 'send-ppp', frame: encodeFrame(PppProtocol.chap, expected) }]);
  }
});

test('CHAP packets of an unknown code are silently discarded (RFC 1994 4)', () => {
  const pair = linkOf(54, perfect);
  bringUp(pair);
  for (const end of [pair.client, pair.server]) {
    const packet = encodePacket({ code: 9, identifier: 1, data: Uint8Array.of(1, 2) });
    expect(end.engine.receive(encodeFrame(PppProtocol.chap, packet), pair.simulation.now)).toEqual([]);
  }
});
