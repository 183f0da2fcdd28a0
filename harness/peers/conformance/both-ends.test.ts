import { expect, test } from 'vitest';
import type { PeerObservation } from '../../observation.ts';
import type { CaptureKeys } from '../peer.ts';
import { disagreements, formComplaints, gapsOf, keyComplaints, secretsIn } from './testing/both-ends.ts';
import { connectedEnd, quietEnd, refusedEnd } from './testing/example-ends.ts';

const client = connectedEnd('one', 'client', 1);
const responder = connectedEnd('other', 'responder', 1);

const connect = { kind: 'connect' } as const;

test('two ends that show one connection, whole, are as they should be', () => {
  expect(formComplaints(client, 'one', '1')).toEqual([]);
  expect(formComplaints(quietEnd('one'), 'one', '1')).toEqual([]);
  expect([...gapsOf(client, 'client', connect), ...gapsOf(responder, 'responder', connect)]).toEqual([]);
  expect(disagreements(client, responder)).toEqual([]);
});

test('an observation has the form of all, the name and version of its peer, and stages in order', () => {
  const odd = { ...client, dns: [1] } as unknown as PeerObservation;
  expect(formComplaints(odd, 'one', '1')).toEqual([expect.stringMatching(/^dns\.0: /)]);
  const reversed = { ...client, stages: client.stages.slice(0, 2).toReversed() };
  expect(formComplaints(reversed, 'another', '2')).toEqual([
    'it calls itself one, not another',
    'its version is 1 here and 2 there',
    'stages out of order, or twice: phase1, reach',
  ]);
});

test('an end says what it knows of a connection', () => {
  const { spis: _, ...withoutSpis } = client;
  expect(gapsOf(withoutSpis, 'client', connect)).toEqual(['no spis']);
  const { innerAddress: __, ...withoutAddress } = responder;
  expect(gapsOf(withoutAddress, 'responder', connect)).toEqual(['no innerAddress']);
  const stages = client.stages.filter(({ stage }) => stage !== 'esp');
  expect(gapsOf({ ...client, stages }, 'client', connect)).toEqual(['esp is not done']);
});

test('a client knows when it was connected, a responder need not', () => {
  const stages = client.stages.map(({ atMs: _, ...rest }) => rest);
  expect(gapsOf({ ...client, stages }, 'client', connect)).toEqual(['no time of ppp-ipcp']);
  expect(gapsOf({ ...responder, stages }, 'responder', connect)).toEqual([]);
});

test('of a connection that stopped no more is said than where', () => {
  expect(gapsOf(refusedEnd('one'), 'client', connect)).toEqual(['it stopped at phase1: auth-failed']);
});

test('a client that is to stop says that it did, and need not show what comes behind', () => {
  const goal = { kind: 'stop', stage: 'ppp-lcp', reason: 'no-data-plane' } as const;
  const { innerAddress: _, peerInnerAddress: __, ...withoutPpp } = client;
  const session = withoutPpp.stages.filter(({ stage }) => !stage.startsWith('ppp-'));
  const stop = { stage: 'ppp-lcp', state: 'stopped', reason: 'no-data-plane', detail: '' } as const;
  expect(gapsOf({ ...withoutPpp, stages: [...session, stop] }, 'client', goal)).toEqual([]);
  expect(gapsOf({ ...withoutPpp, stages: session }, 'client', goal)).toEqual([
    'it does not say that it stopped at ppp-lcp',
  ]);
  const refused = { ...stop, reason: 'ppp-refused' } as const;
  expect(gapsOf({ ...withoutPpp, stages: [...session, refused] }, 'client', goal)).toEqual([
    'it stopped at ppp-lcp: ppp-refused',
  ]);
});

test.each<readonly [Partial<PeerObservation>, string]>([
  [
    { spis: { inbound: 2001, outbound: 9 } },
    'the SPI toward the responder: the client says 9, the responder 1001',
  ],
  [
    { phase1: 'des-md5-modp768' },
    'phase 1: the client says des-md5-modp768, the responder 3des-sha1-modp1024',
  ],
  [{ phase2: 'des-md5' }, 'phase 2: the client says des-md5, the responder 3des-sha1'],
  [{ encapsulation: 'udp' }, 'encapsulation: the client says udp, the responder none'],
  [
    { innerAddress: '10.0.0.1' },
    "the client's inner address: the client says 10.0.0.1, the responder 192.168.8.50",
  ],
  [
    { l2tp: { tunnelId: 1, peerTunnelId: 7 } },
    "the responder's tunnel id: the client says 7, the responder 2",
  ],
  [
    { sas: [{ direction: 'out', spi: 1001 }] },
    'the client lists no inbound SA of the connection that received anything',
  ],
  [
    {
      sas: [
        { direction: 'in', spi: 2001 },
        { direction: 'out', spi: 1001, packets: 0 },
      ],
    },
    'the client lists no outbound SA of the connection that sent anything',
  ],
])('two ends that differ in %j are not of one connection', (changed, words) => {
  expect(disagreements({ ...client, ...changed }, responder)).toContain(words);
});

test('what one end does not tell is no disagreement', () => {
  expect(disagreements(client, quietEnd('other'))).toEqual([]);
});

test('keys are digits, and of the SAs of the connection', () => {
  const sa = { source: '', destination: '', algorithms: '', encryptionKey: '00ff', integrityKey: 'ff' };
  const esp = [1001, 2001].map((spi) => ({ ...sa, spi }));
  const ike = [{ initiatorCookie: '0123456789abcdef', key: '00' }];
  expect(keyComplaints({ ike, esp }, client)).toEqual([]);
  const odd: CaptureKeys = { ike: [{ initiatorCookie: '0x01', key: '00' }], esp: esp.slice(0, 1) };
  expect(keyComplaints(odd, client)).toEqual([
    'a key is no text of hexadecimal digits',
    'no keys of the SA with SPI 2001',
  ]);
});

test.each([
  ['as it is', 'secret = "friend2"'],
  // The octets of "friend2" in ASCII, as a log of a packet writes them.
  ['in hexadecimal digits', '  66 72 69 65  6e 64 32'],
  // RFC 4648 4: what precedes the last, incomplete group of three does not depend on what follows.
  ['in base64', '{"key":"ZnJpZW5kMg=="}'],
])('a secret is found %s', (_, log) => {
  expect(secretsIn(log, ['abc123', 'friend2'])).toEqual(['friend2']);
});

test('a log without a secret has none', () => {
  expect(secretsIn('authentication of 192.168.1.10 with [redacted]: friend', ['abc123', 'friend2'])).toEqual(
    [],
  );
});
