import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTopology } from '../../topologies.ts';
import { readLadder } from '../ladder.ts';
import { type Sides, sidesOf } from '../sides.ts';
import { espPacket, ipFrame, udpFrame } from './forged-capture.ts';
import { ike, wholeConnection, writeCaptures } from './forged-connection.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { compareLadders, tsharkEntries, tsharkLadder, tsharkVersion } from './tshark.ts';

const sides = sidesOf(loadTopology('office-nat'));
const here = await tsharkVersion();

test.skipIf(here === undefined)('tshark decodes a capture as the list that we claim', async ({ signal }) => {
  const repeated = ike('client', 'quick', 'q1', { port: 4500 });
  const ends = { from: '198.18.1.10', to: '198.18.2.10' };
  const files = writeCaptures(
    temporaryFolder(),
    [...wholeConnection(), repeated, ike('responder', 'informational', 'delete', { port: 4500 })],
    {
      access: [
        ipFrame({ ...ends, protocol: 50, payload: espPacket(1, 1) }),
        udpFrame({
          ...ends,
          fromPort: 1701,
          toPort: 1701,
          data: Buffer.from('c802000c0000000000000000', 'hex'),
        }),
      ],
    },
  );
  const ours = readLadder(files.access ?? '', sides);
  const theirs = await tsharkLadder(files.access ?? '', sides, signal);
  expect(theirs).toHaveLength(17);
  expect(compareLadders(ours, theirs)).toEqual([]);
});

// Real peers: the messages that RFC 2409 5.4 and 5.5 name, then dead peer detection and the end. SoftEther
// begins a quick mode of its own when the client deletes its SA.
const realCapture = join(import.meta.dirname, '../fixtures/strongswan-softether.pcap');
const realSides: Sides = {
  path: ['link'],
  directionOf: (_, destination) => (destination === '198.18.1.2' ? 'to-responder' : 'to-client'),
};

test('a capture of two foreign peers is the list that the RFC gives', () => {
  const kinds = readLadder(realCapture, realSides).map(({ kind }) => kind);
  expect(kinds.slice(0, 9)).toEqual([
    ...[1, 2, 3, 4, 5, 6].map((number) => `main mode ${number}`),
    ...[1, 2, 3].map((number) => `quick mode ${number}`),
  ]);
  expect(kinds.slice(9, 40)).toEqual(Array(31).fill('ESP in UDP'));
  expect(kinds.slice(-7)).toEqual([
    ...['informational', 'informational', 'informational', 'quick mode 1'],
    ...['informational', 'informational', 'informational'],
  ]);
});

test.skipIf(here === undefined)('tshark decodes it as the same list', async ({ signal }) => {
  const theirs = await tsharkLadder(realCapture, realSides, signal);
  expect(theirs).toHaveLength(51);
  expect(compareLadders(readLadder(realCapture, realSides), theirs)).toEqual([]);
});

test('a ladder that claims another list is told where', () => {
  const rung = {
    atMs: 0,
    direction: 'to-responder',
    kind: 'main mode 1',
    size: 100,
    retransmission: false,
  } as const;
  const differences = compareLadders(
    [rung, { ...rung, kind: 'ESP' }, rung],
    [
      rung,
      { ...rung, kind: 'ESP in UDP' },
      { ...rung, retransmission: true },
      { ...rung, direction: 'to-client' },
    ],
  );
  expect(differences).toEqual([
    'packet 2: we say ESP to-responder, 100 octets, tshark says ESP in UDP to-responder, 100 octets',
    'packet 3: we say main mode 1 to-responder, 100 octets, tshark says main mode 1 to-responder, again, 100 octets',
    'packet 4: we say nothing, tshark says main mode 1 to-client, 100 octets',
  ]);
});

test('output that is not what was asked for is refused with its line', () => {
  expect(() => tsharkEntries('1.0\tonly three\tfields\n', sides)).toThrow(/line 1 is not the 10 fields/);
});
