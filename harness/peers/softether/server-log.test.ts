import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peerObservationSchema } from '../../observation.ts';
import { leftInLog, namesClient, observeLog } from './server-log.ts';

const whole = readFileSync(join(import.meta.dirname, 'fixtures/connection.log'), 'utf8');
const until = (text: string) => whole.slice(0, whole.indexOf('\n', whole.indexOf(text)));
const connected = until('parameters are set successfully');

// What is expected was read from strongSwan's and pppd's own output of the same connection: the transforms that
// they were told to offer, their SPIs (in and out change sides), the address on ppp0.
test('reads a connection: stages, transforms, SPIs, addresses', () => {
  const observation = observeLog(connected.split('\n'), '5.01');
  expect(peerObservationSchema.parse(observation)).toEqual(observation);
  expect(observation).toMatchObject({
    peer: 'softether',
    version: '5.01',
    phase1: '3des-sha1-modp1024',
    phase2: '3des-sha1',
    encapsulation: 'udp',
    spis: { inbound: 0xcf5e6c81, outbound: 0xca82338e },
    sas: [
      { direction: 'in', spi: 0xcf5e6c81, algorithms: '3des-sha1', encapsulation: 'udp' },
      { direction: 'out', spi: 0xca82338e, algorithms: '3des-sha1', encapsulation: 'udp' },
    ],
    peerInnerAddress: '192.168.30.10',
    innerAddress: '192.168.30.1',
  });
  expect(observation.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'reach done',
    'phase1 done',
    'phase2 done',
    'esp done',
    'l2tp-tunnel done',
    'l2tp-session done',
    'ppp-lcp done',
    'ppp-auth done',
    'ppp-ipcp done',
  ]);
});

test('says nothing of what the log does not show', () => {
  expect(observeLog([], '5.01')).toEqual({
    peer: 'softether',
    version: '5.01',
    stages: [],
    dns: [],
    unanswered: [],
    warnings: [],
  });
  // A wrong key: main mode stays at message 5, and the log ends with the new SA.
  const halfOpen = observeLog(until('A new IKE SA (Main Mode) is created.').split('\n'), '5.01');
  expect(halfOpen.stages).toEqual([{ stage: 'reach', state: 'done', detail: '' }]);
  expect(halfOpen).not.toHaveProperty('phase1');
});

// Lines of real logs: strongSwan offered camellia in phase 1, ESP with SHA-2, and a wrong password.
const created = 'IPsec Client 7 (198.18.1.10:500 -> 0.0.0.0:500): A new IPsec client is created.';
const established =
  'IPsec IKE Session (IKE SA) 6 (Client: 7) (198.18.1.10:4500 -> 0.0.0.0:4500): This IKE SA is established between the server and the client.';

test.each([
  [
    [
      created,
      'IPsec Client 7 (198.18.1.10:500 -> 0.0.0.0:500): There are no acceptable transform proposals from the client for establishing an IKE SA.',
    ],
    'phase1',
    'no-proposal-chosen',
    'There are no acceptable transform proposals from the client for establishing an IKE SA.',
  ],
  [
    [
      created,
      established,
      'IPsec IKE Session (IKE SA) 6 (Client: 7) (198.18.1.10:4500 -> 0.0.0.0:4500): There are no acceptable transform proposals from the client for establishing an IPsec SA.',
    ],
    'phase2',
    'no-proposal-chosen',
    'There are no acceptable transform proposals from the client for establishing an IPsec SA.',
  ],
  [
    [
      '2026-11-20 11:02:38.904 [HUB "VPN"] Connection "CID-10": User authentication failed. The user name that has been provided was "dialin1", from 198.18.1.10.',
    ],
    'ppp-auth',
    'ppp-auth-failed',
    'User authentication failed. The user name that has been provided was "dialin1", from 198.18.1.10.',
  ],
])('reads a refusal', (lines, stage, reason, detail) => {
  const { stages } = observeLog(lines, '5.01');
  expect(stages.at(-1)).toEqual({ stage, state: 'stopped', reason, detail });
});

test('a refusal that a later attempt got past is none', () => {
  const lines = [
    'IPsec Client 7 (198.18.1.10:500 -> 0.0.0.0:500): There are no acceptable transform proposals from the client for establishing an IKE SA.',
    established,
  ];
  expect(observeLog(lines, '5.01').stages).toEqual([{ stage: 'phase1', state: 'done', detail: '' }]);
});

test.each([
  [
    'DH Group: MODP 2048 (Group 14), Hash Algorithm: SHA-2-256, Cipher Algorithm: AES-CBC, Cipher Key Size: 128 bits',
    'aes128-sha256-modp2048',
  ],
  [
    'DH Group: MODP 768 (Group 1), Hash Algorithm: MD5, Cipher Algorithm: DES-CBC, Cipher Key Size: 64 bits',
    'des-md5-modp768',
  ],
])('names the transform %s', (words, phase1) => {
  const line = `IPsec IKE Session (IKE SA) 6 (Client: 7) (198.18.1.10:500 -> 0.0.0.0:500): A new IKE SA (Main Mode) is created. ${words}, Lifetime: 1`;
  expect(observeLog([line, established], '5.01')).toMatchObject({ phase1 });
});

test('knows what is left, and that nothing is after the end', () => {
  expect(leftInLog(connected)).toEqual([
    'IKE SA 1',
    'IPsec SA 1',
    'PPP session 198.18.1.10:1701',
    'session SID-DIALIN1-[L2TP]-2',
  ]);
  expect(leftInLog(whole)).toEqual([]);
  // The second connection of a client has a PPP session of the same name.
  expect(leftInLog(`${whole}\n${connected}`)).toContain('PPP session 198.18.1.10:1701');
});

test('PPP sessions of clients with one address and port are told apart by their number', () => {
  const session = 'PPP session 198.18.1.10:1701';
  const ofBoth = leftInLog(`${connected}\n${connected.replaceAll('Client: 1)', 'Client: 2)')}`);
  expect(ofBoth.filter((what) => what === session)).toHaveLength(2);
  const firstEnded = leftInLog(`${whole}\n${connected}`);
  expect(firstEnded.filter((what) => what === session)).toHaveLength(1);
});

test('an SA that was deleted is none that stands', () => {
  expect(observeLog(whole.split('\n'), '5.01')).toMatchObject({ spis: { inbound: 0xcf5e6c81 }, sas: [] });
});

test('a line names its client, or the connection of the hub', () => {
  const names = connected.split('\n').map(namesClient);
  expect(new Set(names)).toEqual(new Set([undefined, 'client 1', 'CID-1', 'CID-2']));
  expect(namesClient('IPsec Client 12 (198.18.1.10:500 -> 0.0.0.0:500): A new IPsec client')).toBe(
    'client 12',
  );
});
