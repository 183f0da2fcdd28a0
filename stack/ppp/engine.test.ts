import { expect, test } from 'vitest';
import { deaf, perfect, type Simulation } from '../testing/simulation.ts';
import { decodeFrame, encodeFrame, protocol } from './frame.ts';
import { code, decodePacket, encodePacket } from './packet.ts';
import { bringUp, clientConfig, LinkEnd, type LinkPair, linkOf } from './testing/link-pair.ts';

function factNames(end: LinkEnd): string[] {
  return end.facts.map((fact) => fact.fact);
}

/** Runs until both links are down. */
function comeDown({ simulation, client, server }: LinkPair): boolean {
  return simulation.run(() => client.downs.length > 0 && server.downs.length > 0, 900_000);
}

function start({ simulation, client, server }: LinkPair): void {
  client.perform(client.engine.start(simulation.now));
  server.perform(server.engine.start(simulation.now));
}

/** Code and identifier of what one end sent, by protocol number. */
function sentBy(end: LinkEnd): { protocol: number; code: number; identifier: number; data: Uint8Array }[] {
  return end.sent.flatMap((bytes) => {
    const frame = decodeFrame(bytes);
    const packet = frame.ok ? decodePacket(frame.value.information) : undefined;
    if (!frame.ok || !packet?.ok) return [];
    return [{ protocol: frame.value.protocol, ...packet.value }];
  });
}

test.each([
  ['chap-md5', 'ms-chap-v2'],
  ['ms-chap-v2', 'chap-md5'],
] as const)('a link comes up with %s', (first, second) => {
  const pair = linkOf(1, perfect, { server: { authentication: [first, second] } });
  expect(bringUp(pair)).toBe(true);
  const { client, server } = pair;
  expect(client.engine.deadline()).toBeUndefined();
  const names = ['lcp-opened', 'ppp-authenticated', 'ipcp-opened'];
  expect(factNames(client)).toEqual(names);
  expect(factNames(server)).toEqual(names);
  // The smaller MRU of 1400 and 1460.
  expect(client.facts[0]).toEqual({ fact: 'lcp-opened', authentication: first, mru: 1400 });
  expect(server.facts[0]).toEqual({ fact: 'lcp-opened', authentication: first, mru: 1400 });
  expect(server.facts[1]).toEqual({ fact: 'ppp-authenticated', user: 'alice' });
  expect(client.ups).toMatchObject([
    { localAddress: '10.0.0.9', peerAddress: '10.0.0.1', dns: ['10.0.0.53'], mtu: 1400 },
  ]);
  expect(server.ups).toMatchObject([
    { localAddress: '10.0.0.1', peerAddress: '10.0.0.9', dns: [], mtu: 1400 },
  ]);
});

test('without authentication LCP goes straight to IPCP', () => {
  const pair = linkOf(2, perfect, { server: { authentication: [] } });
  expect(bringUp(pair)).toBe(true);
  expect(factNames(pair.server)).toEqual(['lcp-opened', 'ipcp-opened']);
  expect(pair.server.facts[0]).toMatchObject({ authentication: 'none' });
});

test('the server follows a Nak that names a later proposal (PPP-5, agreeing)', () => {
  const pair = linkOf(3, perfect, {
    server: { authentication: ['chap-md5', 'ms-chap-v2'] },
    client: { accepts: ['ms-chap-v2'] },
  });
  expect(bringUp(pair)).toBe(true);
  expect(pair.server.facts[0]).toMatchObject({ fact: 'lcp-opened', authentication: 'ms-chap-v2' });
});

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
    const frame = encodeFrame(protocol.lcp, encodePacket({ code: code.configureRequest, identifier, data }));
    client.perform(client.engine.receive(frame, identifier));
  }
  expect(client.failure).toMatchObject({ layer: 'lcp', reason: 'auth-refused' });
  // RFC 1661 4.6: five Naks (Max-Failure), then Rejects.
  const answers = sentBy(client).filter((packet) => [3, 4].includes(packet.code));
  expect(answers.slice(0, 6).map((packet) => packet.code)).toEqual([3, 3, 3, 3, 3, 4]);
});

test.each(['chap-md5', 'ms-chap-v2'] as const)(
  'a wrong password fails %s on both sides (PPP-4)',
  (authentication) => {
    const pair = linkOf(6, perfect, {
      server: { authentication: [authentication] },
      client: { password: 'opensesamE' },
    });
    start(pair);
    expect(comeDown(pair)).toBe(true);
    expect(pair.server.failure).toEqual({
      fact: 'ppp-failed',
      layer: 'auth',
      reason: 'auth-failed',
      detail: 'wrong password: "alice"',
    });
    expect(pair.client.failure).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
    if (authentication === 'ms-chap-v2') {
      expect(pair.client.failure?.detail).toMatch(/^E=691 R=0 C=[0-9A-F]{32} V=3 M=/);
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

test('the address is drawn once per link, and by the user', () => {
  const drawn: string[] = [];
  const allocate = (name: string) => {
    drawn.push(name);
    return '10.0.0.9';
  };
  const pair = linkOf(10, { loss: 0.2, duplication: 0.2, slowestMs: 200 }, { server: { allocate } });
  expect(bringUp(pair)).toBe(true);
  expect(drawn).toEqual(['alice']);
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
    return frame.ok && frame.value.protocol === protocol.chap ? new Uint8Array() : bytes;
  };
  start(pair);
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.failure).toMatchObject({ layer: 'auth', reason: 'no-answer' });
});

test('IP packets pass both ways when the link is up, and before that not', () => {
  const pair = linkOf(13, perfect);
  const packet = Uint8Array.of(0x45, 1, 2, 3);
  expect(pair.client.engine.sendIp(packet)).toEqual([]);
  bringUp(pair);
  pair.client.perform(pair.client.engine.sendIp(packet));
  pair.server.perform(pair.server.engine.sendIp(packet));
  pair.simulation.run(
    () => pair.client.packets.length + pair.server.packets.length === 2,
    pair.simulation.now + 100,
  );
  expect(pair.client.packets).toEqual([packet]);
  expect(pair.server.packets).toEqual([packet]);
});

test('either side closes: link-down on both, closed by local and by peer', () => {
  for (const closer of ['client', 'server'] as const) {
    const pair = linkOf(14, perfect);
    bringUp(pair);
    const other = closer === 'client' ? pair.server : pair.client;
    pair[closer].perform(pair[closer].engine.close('user request', pair.simulation.now));
    expect(pair[closer].engine.sendIp(Uint8Array.of(0x45))).toEqual([]);
    expect(comeDown(pair)).toBe(true);
    expect(pair[closer].facts.at(-1)).toEqual({
      fact: 'closed',
      layer: 'ppp',
      by: 'local',
      detail: 'user request',
    });
    expect(other.facts.at(-1)).toMatchObject({ by: 'peer', detail: 'terminated by the peer: user request' });
    pair.simulation.runTo(900_000);
    expect([pair.client.downs.length, pair.server.downs.length]).toEqual([1, 1]);
    expect(pair.client.engine.deadline() ?? pair.server.engine.deadline()).toBeUndefined();
  }
});

test('closing towards a dead peer times out after two Terminate-Requests (Max-Terminate)', () => {
  const pair = linkOf(15, perfect);
  bringUp(pair);
  pair.simulation.impairment = deaf;
  pair.client.perform(pair.client.engine.close('user request', pair.simulation.now));
  const before = pair.simulation.now;
  expect(pair.simulation.run(() => pair.client.downs.length > 0, 900_000)).toBe(true);
  expect(pair.simulation.now - before).toBe(6000);
  expect(sentBy(pair.client).filter((packet) => packet.code === code.terminateRequest)).toHaveLength(2);
});

test('closing before the start ends at once', () => {
  const { client } = linkOf(16, perfect);
  client.perform(client.engine.close('changed my mind', 0));
  expect(client.downs).toEqual(['changed my mind']);
  expect(client.engine.start(1)).toEqual([]);
});

test('a lost Terminate-Ack is sent again after the end', () => {
  const pair = linkOf(17, perfect);
  bringUp(pair);
  const request = encodePacket({ code: code.terminateRequest, identifier: 99, data: new Uint8Array() });
  for (const expected of [1, 2]) {
    pair.server.perform(pair.server.engine.receive(encodeFrame(protocol.lcp, request), 1e6));
    const acks = sentBy(pair.server).filter((packet) => packet.code === code.terminateAck);
    expect(acks.map((packet) => packet.identifier)).toEqual(Array(expected).fill(99));
  }
  expect(pair.server.downs).toHaveLength(1);
});

test('a silent peer is found by its missing echo replies (PPP-8)', () => {
  const pair = linkOf(18, perfect, { client: { echoSeconds: 0 } });
  bringUp(pair);
  pair.simulation.runTo(300_000);
  expect(pair.server.downs).toEqual([]);
  const silence = pair.simulation.now;
  pair.simulation.impairment = deaf;
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ fact: 'closed', layer: 'ppp', by: 'timeout' });
  // Three requests of 30 s each stay unanswered; the first of them goes up to 30 s after the silence begins.
  expect(pair.simulation.now - silence).toBeLessThanOrEqual(4 * 30_000);
  expect(pair.simulation.now - silence).toBeGreaterThan(3 * 30_000 - 1);
});

test('echo requests carry the magic number and are answered with the other one and the same data', () => {
  const pair = linkOf(19, perfect);
  bringUp(pair);
  const before = pair.client.sent.length;
  const data = Buffer.concat([Uint8Array.of(9, 9, 9, 9), Buffer.from('probe')]);
  const echo = encodePacket({ code: code.echoRequest, identifier: 7, data });
  pair.client.perform(pair.client.engine.receive(encodeFrame(protocol.lcp, echo), 100));
  const [reply] = sentBy(pair.client).slice(before);
  expect(reply).toMatchObject({ code: code.echoReply, identifier: 7 });
  expect(Buffer.from(reply?.data.subarray(4) ?? []).toString()).toBe('probe');
  expect(reply?.data.subarray(0, 4)).not.toEqual(Uint8Array.of(9, 9, 9, 9));
});

test('CCP and IPV6CP get a Protocol-Reject, and the link stays', () => {
  const pair = linkOf(20, perfect);
  bringUp(pair);
  for (const number of [0x80fd, 0x8057]) {
    const request = Uint8Array.of(1, 5, 0, 10, 18, 6, 1, 0, 0, 1);
    pair.server.perform(pair.server.engine.receive(encodeFrame(number, request), pair.simulation.now));
    const reject = sentBy(pair.server).at(-1);
    expect(reject).toMatchObject({ protocol: protocol.lcp, code: code.protocolReject });
    expect(reject?.data).toEqual(Uint8Array.from([number >> 8, number & 0xff, ...request]));
  }
  expect(pair.server.downs).toEqual([]);
});

test('an unknown LCP code gets a Code-Reject', () => {
  const pair = linkOf(21, perfect);
  bringUp(pair);
  const odd = encodePacket({ code: 77, identifier: 3, data: Uint8Array.of(1, 2) });
  pair.server.perform(pair.server.engine.receive(encodeFrame(protocol.lcp, odd), pair.simulation.now));
  const reject = sentBy(pair.server).at(-1);
  expect(reject).toMatchObject({ code: code.codeReject, data: odd });
  expect(pair.server.downs).toEqual([]);
});

test.each([
  [
    'a Code-Reject of Configure-Request',
    { code: code.codeReject, identifier: 1, data: Uint8Array.of(1, 1, 0, 4) },
  ],
  [
    'a Protocol-Reject of LCP',
    { code: code.protocolReject, identifier: 1, data: Uint8Array.of(0xc0, 0x21, 1) },
  ],
  [
    'a Protocol-Reject of IPCP',
    { code: code.protocolReject, identifier: 1, data: Uint8Array.of(0x80, 0x21, 1) },
  ],
])('%s ends the link', (_what, packet) => {
  const pair = linkOf(22, perfect);
  bringUp(pair);
  const frame = encodeFrame(protocol.lcp, encodePacket(packet));
  pair.server.perform(pair.server.engine.receive(frame, pair.simulation.now));
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ fact: 'closed', layer: 'ppp', by: 'peer' });
});

test('a peer without Echo is not watched', () => {
  const pair = linkOf(23, perfect);
  bringUp(pair);
  const reject = encodePacket({ code: code.codeReject, identifier: 1, data: Uint8Array.of(9, 1, 0, 8) });
  pair.server.perform(pair.server.engine.receive(encodeFrame(protocol.lcp, reject), pair.simulation.now));
  pair.simulation.impairment = deaf;
  pair.simulation.runTo(900_000);
  expect(pair.server.downs).toEqual([]);
});

test('a peer that starts over renegotiates the link', () => {
  let drawn = 0;
  const allocate = () => {
    drawn++;
    return '10.0.0.9';
  };
  const pair = linkOf(24, perfect, { server: { allocate } });
  bringUp(pair);
  const reborn = new LinkEnd(clientConfig, '4242');
  const { simulation, server } = pair;
  reborn.connect((frame) =>
    simulation.carry(() => server.perform(server.engine.receive(frame, simulation.now))),
  );
  server.connect((frame) =>
    simulation.carry(() => reborn.perform(reborn.engine.receive(frame, simulation.now))),
  );
  reborn.perform(reborn.engine.start(simulation.now));
  simulation.add(reborn);
  expect(
    simulation.run(() => reborn.ups.length > 0 && server.ups.length === 2, simulation.now + 60_000),
  ).toBe(true);
  expect(server.downs).toEqual([]);
  expect(drawn).toBe(1);
});

test('a peer that acknowledges for ever without asking is given up', () => {
  const { client } = linkOf(25, perfect);
  client.connect((bytes) => {
    const frame = decodeFrame(bytes);
    const packet = frame.ok ? decodePacket(frame.value.information) : undefined;
    if (!packet?.ok || packet.value.code !== code.configureRequest) return;
    const ack = encodeFrame(protocol.lcp, encodePacket({ ...packet.value, code: code.configureAck }));
    client.perform(client.engine.receive(ack, 0));
  });
  client.perform(client.engine.start(0));
  for (let now = 0; client.downs.length === 0 && now < 1e7; now = client.engine.deadline() ?? now) {
    client.perform(client.engine.tick(now));
  }
  expect(client.failure).toMatchObject({ layer: 'lcp', reason: 'no-answer' });
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

test('the same seed gives the same bytes', () => {
  const [once, again] = [linkOf(27, perfect), linkOf(27, perfect)];
  bringUp(once);
  bringUp(again);
  expect(once.client.sent).toEqual(again.client.sent);
  expect(once.server.sent).toEqual(again.server.sent);
});

test('an early tick does nothing', () => {
  const pair = linkOf(28, perfect);
  bringUp(pair);
  expect(pair.server.engine.tick(pair.simulation.now)).toEqual([]);
});

function stillUp(simulation: Simulation, pair: LinkPair): boolean {
  simulation.impairment = perfect;
  const packet = Uint8Array.of(0x45);
  simulation.runTo(simulation.now + 60_000);
  pair.client.perform(pair.client.engine.sendIp(packet));
  pair.server.perform(pair.server.engine.sendIp(packet));
  return simulation.run(
    () => pair.client.packets.length > 0 && pair.server.packets.length > 0,
    simulation.now + 100,
  );
}

test('links come up, stay and close under loss up to 30 %, duplication and reordering', () => {
  for (let seed = 0; seed < 60; seed++) {
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const authentication = [seed % 2 === 0 ? ('chap-md5' as const) : ('ms-chap-v2' as const)];
    const pair = linkOf(5000 + seed, impairment, { server: { authentication, echoSeconds: 0 } });
    expect(bringUp(pair), `seed ${seed}`).toBe(true);
    expect(stillUp(pair.simulation, pair), `seed ${seed}`).toBe(true);
    pair.simulation.impairment = { ...impairment, loss: 0 };
    pair.client.perform(pair.client.engine.close('done', pair.simulation.now));
    expect(comeDown(pair), `seed ${seed}`).toBe(true);
    expect([pair.client.failure, pair.server.failure]).toEqual([undefined, undefined]);
  }
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

test('before the network phase CCP and IPCP are discarded (RFC 1661 3.5)', () => {
  const { client, server, simulation } = linkOf(29, perfect);
  client.corrupt = (bytes) => (bytes[2] === 0xc2 ? new Uint8Array() : bytes);
  client.perform(client.engine.start(0));
  server.perform(server.engine.start(0));
  simulation.run(() => server.facts.length > 0, 1000);
  const before = server.sent.length;
  for (const number of [0x80fd, protocol.ipcp]) {
    const request = encodePacket({ code: code.configureRequest, identifier: 5, data: new Uint8Array() });
    server.perform(server.engine.receive(encodeFrame(number, request), simulation.now));
  }
  expect(server.sent).toHaveLength(before);
});

test('a verdict on another challenge is not taken', () => {
  const { client } = linkOf(30, perfect);
  const hear = (number: number, packet: Parameters<typeof encodePacket>[0]) =>
    client.perform(client.engine.receive(encodeFrame(number, encodePacket(packet)), 10));
  client.perform(client.engine.start(0));
  const [request] = sentBy(client);
  if (request === undefined) throw new Error('no request');
  hear(protocol.lcp, { ...request, code: code.configureAck });
  hear(protocol.lcp, {
    code: code.configureRequest,
    identifier: 1,
    data: Uint8Array.of(3, 5, 0xc2, 0x23, 5),
  });
  hear(protocol.chap, { code: 1, identifier: 7, data: Uint8Array.of(2, 1, 2) });
  hear(protocol.chap, { code: 3, identifier: 8, data: new Uint8Array() });
  hear(protocol.chap, { code: 4, identifier: 8, data: new Uint8Array() });
  expect(factNames(client)).toEqual(['lcp-opened']);
  hear(protocol.chap, { code: 3, identifier: 7, data: new Uint8Array() });
  expect(factNames(client)).toEqual(['lcp-opened', 'ppp-authenticated']);
});

test('echo replies with our own magic number are no sign of life', () => {
  const pair = linkOf(31, perfect);
  bringUp(pair);
  pair.server.connect((bytes) => {
    const [last] = sentBy(pair.server).slice(-1);
    if (bytes[2] !== 0xc0 || last?.code !== code.echoRequest) return;
    const looped = encodeFrame(protocol.lcp, encodePacket({ ...last, code: code.echoReply }));
    pair.server.perform(pair.server.engine.receive(looped, pair.simulation.now));
  });
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ by: 'timeout' });
});
