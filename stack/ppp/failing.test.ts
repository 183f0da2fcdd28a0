import { expect, test } from 'vitest';
import { deaf, perfect } from '../testing/simulation.ts';
import { decodeFrame, encodeFrame, PppProtocol } from './frame.ts';
import { decodePacket, encodePacket, PacketCode } from './packet.ts';
import { bringUp, comeDown, factNames, linkOf, sentBy, start } from './testing/link-pair.ts';

test.each([
  [['chap-md5'], ['ms-chap-v2']],
  [['ms-chap-v2'], ['chap-md5']],
  [['chap-md5'], []],
] as const)(
  '%j against a client that accepts %j ends in auth-refused on both sides (PPP-5)',
  (authentication, accepts) => {
    const pair = linkOf(4, perfect, { server: { authentication }, client: { accepts } });
    start(pair);
    expect(comeDown(pair)).toBe(true);
    for (const end of [pair.client, pair.server]) {
      expect(end.failure).toMatchObject({ layer: 'lcp', reason: 'auth-refused' });
      expect(end.facts).toHaveLength(1);
      expect(end.sent.length).toBeLessThan(10);
    }
  },
);

test('a server that asks for what the client refuses, again and again, is given up within bounds', () => {
  const { client } = linkOf(5, perfect, { client: { accepts: ['ms-chap-v2'] } });
  client.perform(client.engine.start(0));
  for (let identifier = 1; identifier < 40 && client.failure === undefined; identifier++) {
    const data = Uint8Array.from([3, 5, 0xc2, 0x23, 5]);
    const frame = encodeFrame(
      PppProtocol.lcp,
      encodePacket({ code: PacketCode.configureRequest, identifier, data }),
    );
    client.perform(client.engine.receive(frame, identifier));
  }
  expect(client.failure).toMatchObject({ layer: 'lcp', reason: 'auth-refused' });
  // RFC 1661 4.6: five Naks (Max-Failure), then Rejects.
  const answers = sentBy(client).filter((packet) => [3, 4].includes(packet.code));
  expect(answers.slice(0, 6).map((packet) => packet.code)).toEqual([3, 3, 3, 3, 3, 4]);
});

test.each(['pap', 'chap-md5', 'ms-chap-v1', 'ms-chap-v2'] as const)(
  'a wrong password fails %s on both sides (PPP-4)',
  (authentication) => {
    const pair = linkOf(6, perfect, {
      server: { authentication: [authentication] },
      client: { password: 'opensesamE', accepts: [authentication] },
    });
    start(pair);
    expect(comeDown(pair)).toBe(true);
    expect(pair.server.failure).toEqual({
      fact: 'ppp-failed',
      layer: 'auth',
      reason: 'auth-failed',
      detail: 'wrong password: "alice"',
      ...(authentication.startsWith('ms-') && { errorNumber: 691 }),
    });
    expect(pair.client.failure).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
    if (authentication === 'ms-chap-v2') {
      expect(pair.client.failure?.detail).toMatch(/^E=691 R=0 C=[0-9A-F]{32} V=3 M=/);
      expect(pair.client.failure).toMatchObject({ errorNumber: 691 });
    }
    expect(pair.client.ups).toEqual([]);
  },
);

test('an unknown user fails authentication', () => {
  const pair = linkOf(7, perfect, { client: { user: 'mallory' } });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure?.detail).toBe('no such user: "mallory"');
});

test('a domain before the user name does not hide the user', () => {
  const configs = { client: { user: 'OFFICE\\alice' }, server: { authentication: ['ms-chap-v2' as const] } };
  const pair = linkOf(8, perfect, configs);
  expect(bringUp(pair)).toBe(true);
});

test('a pool without addresses ends IPCP and the link (PPP-3)', () => {
  const pair = linkOf(9, perfect, { server: { allocate: () => undefined } });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure).toMatchObject({ layer: 'ipcp', reason: 'pool-exhausted' });
  expect(pair.client.failure).toEqual({
    fact: 'ppp-failed',
    layer: 'ipcp',
    reason: 'terminated',
    detail: 'terminated by the peer: no address is free for "alice"',
  });
});

test('nobody answers: ten Configure-Requests, then no-answer', () => {
  const pair = linkOf(11, deaf);
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.client.failure).toMatchObject({ layer: 'lcp', reason: 'no-answer' });
  expect(pair.client.sent).toHaveLength(10);
  expect(new Set(sentBy(pair.client).map((packet) => packet.identifier)).size).toBe(1);
  expect(pair.client.engine.deadline()).toBeUndefined();
});

test('a client that never answers the challenge fails as no-answer', () => {
  const pair = linkOf(12, perfect);
  pair.client.corrupt = (bytes) => {
    const frame = decodeFrame(bytes);
    return frame.ok && frame.value.protocol === PppProtocol.chap ? new Uint8Array() : bytes;
  };
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure).toMatchObject({ layer: 'auth', reason: 'no-answer' });
});

test('a peer that acknowledges for ever without asking is given up', () => {
  const { client } = linkOf(25, perfect);
  client.connect((bytes) => {
    const frame = decodeFrame(bytes);
    const packet = frame.ok ? decodePacket(frame.value.information) : undefined;
    if (!packet?.ok || packet.value.code !== PacketCode.configureRequest) return;
    const ack = encodeFrame(
      PppProtocol.lcp,
      encodePacket({ ...packet.value, code: PacketCode.configureAck }),
    );
    client.perform(client.engine.receive(ack, 0));
  });
  client.perform(client.engine.start(0));
  for (let now = 0; client.downs.length === 0 && now < 1e7; now = client.engine.deadline() ?? now) {
    client.perform(client.engine.tick(now));
  }
  expect(client.failure).toMatchObject({ layer: 'lcp', reason: 'no-answer' });
});

test('a verdict on another challenge is not taken', () => {
  const { client } = linkOf(30, perfect);
  const hear = (number: number, packet: Parameters<typeof encodePacket>[0]) =>
    client.perform(client.engine.receive(encodeFrame(number, encodePacket(packet)), 10));
  client.perform(client.engine.start(0));
  const [request] = sentBy(client);
  if (request === undefined) throw new Error('no request');
  hear(PppProtocol.lcp, { ...request, code: PacketCode.configureAck });
  hear(PppProtocol.lcp, {
    code: PacketCode.configureRequest,
    identifier: 1,
    data: Uint8Array.of(3, 5, 0xc2, 0x23, 5),
  });
  hear(PppProtocol.chap, { code: 1, identifier: 7, data: Uint8Array.of(2, 1, 2) });
  hear(PppProtocol.chap, { code: 3, identifier: 8, data: new Uint8Array() });
  hear(PppProtocol.chap, { code: 4, identifier: 8, data: new Uint8Array() });
  expect(factNames(client)).toEqual(['lcp-opened']);
  hear(PppProtocol.chap, { code: 3, identifier: 7, data: new Uint8Array() });
  expect(factNames(client)).toEqual(['lcp-opened', 'ppp-authenticated']);
});

test('refusals are told for what they are under loss too', () => {
  for (let seed = 0; seed < 20; seed++) {
    const pair = linkOf(
      9000 + seed,
      { loss: 0.2, duplication: 0.2, slowestMs: 300 },
      { client: { password: 'wrong' } },
    );
    start(pair);
    expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
    expect(pair.server.failure, `seed ${seed}`).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
  }
});

test('no fact tells a password', () => {
  for (const password of ['opensesame', 'opensesamE']) {
    const pair = linkOf(26, perfect, { client: { password }, server: { authentication: ['ms-chap-v2'] } });
    start(pair);
    pair.simulation.runTo(60_000);
    expect(JSON.stringify([...pair.client.facts, ...pair.server.facts]).toLowerCase()).not.toContain(
      'sesame',
    );
  }
});
