import { expect, test } from 'vitest';
import { EncapsulationMode } from '../isakmp/ipsec-doi.ts';
import { decodeMessage, encodeMessage, payloadsOf } from '../isakmp/message.ts';
import { everyRevision, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { hex, uint32 } from '../octets.ts';
import type { IkeResponderConfig } from './config.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { floatedEnds } from './nat-detection.ts';
import { phase2Offer, readPhase2Offer } from './phase2-proposal.ts';
import { initiatorConfig, phase2Proposal } from './testing/configs.ts';
import { clientOf, responderWith } from './testing/scripted-initiator.ts';
import { atBoth, atClient, atResponder, expectMirrored, nowhere, pair } from './testing/simulated-pair.ts';

/** The revisions that message 2 names to an initiator which offers these. */
function answered(offered: readonly NatTraversalRevision[], own: Partial<IkeResponderConfig>) {
  const client = clientOf(responderWith(own));
  const [octets = new Uint8Array()] = client.send(
    startMainMode({ ...initiatorConfig, natTraversal: offered }, client).message,
  );
  const message = decodeMessage(octets);
  if (!message.ok) throw new Error('no message 2');
  const ids = payloadsOf(message.value.payloads, 'vendor-id').map(({ data }) => hex(data));
  const revisions = ids.map((id) => everyRevision.find((each) => revisionNumbers[each].vendorId === id));
  const chosen = client.facts.find(({ fact }) => fact === 'nat-traversal-chosen');
  return { revisions, chosen: chosen?.fact === 'nat-traversal-chosen' ? chosen.revision : undefined };
}

const natTraversal = ['draft-02n', 'rfc3947', 'draft-03'] as const;
const android = ['rfc3947', 'draft-02', 'draft-02n', 'draft-00'] as const;

test('a responder names the chosen revision, all that came and it speaks, or all it speaks, as it is told', () => {
  const chosen = 'rfc3947';
  expect(answered(android, { natTraversal })).toEqual({ chosen, revisions: ['rfc3947'] });
  expect(answered(android, { natTraversal, natTraversalAnswer: 'as-received' })).toEqual({
    chosen,
    revisions: ['draft-02n', 'rfc3947'],
  });
  expect(answered(android, { natTraversal, natTraversalAnswer: 'as-message-1' })).toEqual({
    chosen,
    revisions: ['draft-02n', 'rfc3947', 'draft-03'],
  });
});

test('where nothing is common none is named, but by an end that answers as if it began', () => {
  const none = { chosen: 'none', revisions: [] };
  expect(answered(['draft-08'], { natTraversal })).toEqual(none);
  expect(answered([], { natTraversal, natTraversalAnswer: 'as-received' })).toEqual(none);
  expect(answered(['draft-08'], { natTraversal, natTraversalAnswer: 'as-message-1' })).toEqual({
    chosen: 'none',
    revisions: ['draft-02n', 'rfc3947', 'draft-03'],
  });
});

const placements = [
  ['nowhere', nowhere],
  ['at the client', atClient],
  ['at the responder', atResponder],
  ['at both', atBoth],
] as const;

test.each(placements)(
  'NAT %s: a responder that names all follows the choice that NAT-D shows',
  (_where, place) => {
    for (const answer of ['as-received', 'as-message-1'] as const) {
      const { client, server, simulation } = pair({
        ...place,
        initiator: { natTraversal: ['draft-08', 'draft-03', 'draft-00'] },
        responder: { natTraversal: ['draft-03', 'draft-00', 'draft-08'], natTraversalAnswer: answer },
      });
      simulation.runTo(30_000);
      expectMirrored(client, server);
      expect(client.factsNamed('nat-traversal-chosen')).toMatchObject([{ revision: 'draft-08' }]);
      expect(server.factsNamed('nat-traversal-chosen').at(-1)).toMatchObject({ revision: 'draft-08' });
      const seen = (host: typeof client) =>
        host.factsNamed('nat-detected').map(({ localBehindNat }) => localBehindNat);
      expect([seen(client), seen(server)]).toEqual([[place.clientNat], [place.responderNat]]);
    }
  },
);

test('NAT-D of a wrong length is told, matches nothing, and both ends put ESP in UDP', () => {
  const { simulation, client, server } = pair({});
  simulation.tamper = (datagram) => {
    const message = decodeMessage(datagram.payload);
    if (!message.ok || !message.value.payloads.some(({ payload }) => payload.payload === 'nat-d'))
      return datagram;
    const payloads = message.value.payloads.map(({ payload }) =>
      payload.payload === 'nat-d' ? { ...payload, data: payload.data.subarray(0, 16) } : payload,
    );
    return { ...datagram, payload: encodeMessage(message.value.header, payloads) };
  };
  simulation.runTo(30_000);
  expectMirrored(client, server);
  for (const host of [client, server]) {
    expect(host.factsNamed('nat-detected')).toMatchObject([{ localBehindNat: true, peerBehindNat: true }]);
    expect(host.factsNamed('warning')).toMatchObject([
      { detail: 'a NAT-D of 16 octets where a hash has 20' },
    ]);
    expect([...host.installed.values()].map(({ encapsulation }) => encapsulation)).toEqual(['udp']);
  }
});

test('NAT-D that does not come at either end: no UDP, although a revision is agreed', () => {
  const { simulation, client, server } = pair({});
  simulation.tamper = (datagram) => {
    const message = decodeMessage(datagram.payload);
    if (!message.ok) return datagram;
    const payloads = message.value.payloads.map(({ payload }) => payload);
    const rest = payloads.filter(({ payload }) => payload !== 'nat-d');
    return { ...datagram, payload: encodeMessage(message.value.header, rest) };
  };
  simulation.runTo(30_000);
  expectMirrored(client, server);
  expect([...client.installed.values()].map(({ encapsulation }) => encapsulation)).toEqual(['none']);
});

test('forced encapsulation draws another disguise each time, and never hides the address of the other end', () => {
  const hashes = [1, 2].map((seed) => {
    const { simulation, client, server } = pair({ seed, responder: { forcedEncapsulation: true } });
    simulation.runTo(30_000);
    expectMirrored(client, server);
    expect(server.factsNamed('nat-detected')).toMatchObject([
      { localBehindNat: false, peerBehindNat: false },
    ]);
    expect(client.factsNamed('nat-detected')).toMatchObject([{ localBehindNat: false, peerBehindNat: true }]);
    const message4 = simulation.wire
      .map(({ payload }) => decodeMessage(payload))
      .filter((message) => message.ok)[3];
    if (!message4?.ok) throw new Error('no message 4');
    return payloadsOf(message4.value.payloads, 'nat-d').map(({ data }) => hex(data))[1];
  });
  expect(new Set(hashes).size).toBe(2);
});

test('main mode that comes to port 500 after the change of ports is old and not answered (RFC 3947 4)', () => {
  const { simulation, client, server } = pair(atClient);
  simulation.runTo(30_000);
  expectMirrored(client, server);
  const old = simulation.wire.filter(
    ({ destination }) => destination.port === 500 && destination.ip === server.address,
  );
  expect(old).toHaveLength(2);
  simulation.wire.length = 0;
  for (const datagram of old) server.receive(datagram);
  expect(simulation.wire).toEqual([]);
  expect(server.factsNamed('packet-dropped')).toMatchObject([
    { reason: 'unexpected', detail: 'phase 1 on port 500 after the change of ports' },
    { reason: 'unexpected', detail: 'phase 1 on port 500 after the change of ports' },
  ]);
  // A new main mode there is another matter: the other end may have been started again.
  client.dial('198.18.0.2');
  simulation.runTo(60_000);
  expect(server.engine.summary().phase1).toBe(2);
});

test('message 5 is repeated to port 4500 until it is answered, and the responder answers there alone', () => {
  const { simulation, client, server } = pair(atClient);
  let lost = 0;
  simulation.tamper = (datagram) =>
    datagram.destination.port === 4500 && datagram.payload[19] === 1 && lost++ < 2 ? undefined : datagram;
  simulation.runTo(30_000);
  expectMirrored(client, server);
  const encrypted = simulation.wire.filter(({ payload }) => payload[19] === 1);
  expect(
    encrypted.every(({ source, destination }) => source.port === 4500 || destination.port === 4500),
  ).toBe(true);
});

test('a negotiation may begin on port 4500, and needs no change of ports then (RFC 3947 4)', () => {
  for (const place of [atClient, nowhere]) {
    const { simulation, client, server } = pair({ ...place, initiator: { phase2: [] } });
    simulation.runTo(5000);
    simulation.wire.length = 0;
    const local = { ip: client.address, port: 4500 };
    client.perform(client.engine.connect(local, { ip: '198.18.0.2', port: 4500 }, simulation.now));
    simulation.runTo(simulation.now + 5000);
    expect(client.factsNamed('phase1-established')).toHaveLength(2);
    expect(server.factsNamed('phase1-established')).toHaveLength(2);
    expect(simulation.wire.length).toBeGreaterThan(5);
    const ports = simulation.wire.map(({ destination, source }) =>
      destination.ip === server.address ? destination.port : source.port,
    );
    expect(new Set(ports)).toEqual(new Set([4500]));
    // The one change is that of the first negotiation.
    expect(server.factsNamed('port-floated')).toHaveLength(place === atClient ? 1 : 0);
  }
});

test('a proposal under SPI 0 is none: its ESP would be taken for IKE (RFC 3948 2.1)', () => {
  const { proposals } = phase2Offer([phase2Proposal], 0x1234, EncapsulationMode);
  const under = (spi: number) => ({ proposals: proposals.map((each) => ({ ...each, spi: uint32(spi) })) });
  expect(readPhase2Offer(under(0), EncapsulationMode)).toEqual([]);
  expect(readPhase2Offer(under(1), EncapsulationMode)).toHaveLength(1);
});

test('ports change from 500 with a NAT and a revision that floats, and never again from 4500', () => {
  const at = (port: number, peerPort: number) => ({
    local: { ip: '198.18.0.2', port },
    peer: { ip: '198.18.0.1', port: peerPort },
  });
  const nat = { localBehindNat: false, peerBehindNat: true, encapsulates: true };
  expect(floatedEnds(at(500, 500), { revision: 'rfc3947', nat })).toEqual(at(4500, 4500));
  // A responder that rekeys: its peer has whatever port a NAT gave it, and keeps that.
  expect(floatedEnds(at(4500, 61_000), { revision: 'rfc3947', nat })).toBeUndefined();
  expect(floatedEnds(at(500, 500), { revision: 'draft-01', nat })).toBeUndefined();
  expect(floatedEnds(at(500, 500), { revision: 'rfc3947', nat: undefined })).toBeUndefined();
  expect(
    floatedEnds(at(500, 500), { revision: 'rfc3947', nat: { ...nat, encapsulates: false } }),
  ).toBeUndefined();
});
