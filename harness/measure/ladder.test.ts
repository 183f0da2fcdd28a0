import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTopology } from '../topologies.ts';
import { readLadder } from './ladder.ts';
import { sidesOf } from './sides.ts';
import { type ForgedStep, ike, wholeConnection, writeCaptures } from './testing/forged-connection.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const sides = sidesOf(loadTopology('office-nat'));

function ladderOf(steps: readonly ForgedStep[], segment = 'interconn') {
  const files = writeCaptures(temporaryFolder(), steps);
  return readLadder(files[segment] ?? '', sides);
}

// The order of main and quick mode: RFC 2409 5.4 and 5.5; the float before message 5: RFC 3947 4.
test('names every message of a connection in order', () => {
  expect(ladderOf(wholeConnection()).map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
    'to-responder main mode 1',
    'to-client main mode 2',
    'to-responder main mode 3',
    'to-client main mode 4',
    'to-responder main mode 5',
    'to-client main mode 6',
    'to-responder quick mode 1',
    'to-client quick mode 2',
    'to-responder quick mode 3',
    'to-responder ESP in UDP',
    'to-client ESP in UDP',
    'to-responder ESP in UDP',
    'to-responder keepalive',
  ]);
});

test('marks a message that is sent again, on either port, and keeps its number', () => {
  const again = ike('client', 'main', 'm1', { first: true });
  const onOtherPort = ike('client', 'main', 'm1', { first: true, port: 4500 });
  const ladder = ladderOf([again, again, onOtherPort, ike('responder', 'main', 'm2')]);
  expect(ladder.map(({ kind, retransmission }) => [kind, retransmission])).toEqual([
    ['main mode 1', false],
    ['main mode 1', true],
    ['main mode 1', true],
    ['main mode 2', false],
  ]);
});

test('names the file that is no capture', () => {
  const file = join(temporaryFolder(), 'wan.pcap');
  writeFileSync(file, 'no capture at all, but some text');
  expect(() => readLadder(file, sides)).toThrow(/wan\.pcap: not a classic pcap file/);
});
