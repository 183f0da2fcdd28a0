import { expect, test } from 'vitest';
import { cell, cellId } from '../../cell.ts';
import { readPcap } from '../../measure/pcap.ts';
import { loadTopology } from '../../topologies.ts';
import { judgeClients } from '../../verdict/judge.ts';
import type { Played } from './play.ts';
import { expectAsRuled, playInMemory } from './testing/in-memory.ts';

const connecting = [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat', 'remote-office-nat'].map((name) => cell(name)),
  ...['carrier-nat', 'symmetric-nat', 'rebinding-nat', 'short-timeout-nat'].map((name) => cell(name)),
  cell('shared-nat', { clients: 5 }),
  cell('both-nat', { client: 'ts:plain', responder: 'ts:plain' }),
];
const stopping = [
  cell('office-nat', { nat: 'no-forwards' }),
  cell('office-nat', { nat: 'only-500' }),
  cell('hotel-nat', { natt: 'off' }),
  cell('direct', { psk: 'wrong' }),
  cell('office-nat', { rule: '0', reading: 'b' }),
  cell('same-subnet'),
  cell('filtering-gateway', { nat: 'pinholes' }),
  cell('short-timeout-nat', { nat: 'very-short' }),
];

test.each([...connecting, ...stopping].map((one) => [cellId(one), one] as const))(
  '%s ends as the rule table says, shown by captures, facts and traffic',
  (_, played) => expectAsRuled(played, playInMemory(played).clients),
);

test('a cell judged against what it cannot meet fails', () => {
  const { clients } = playInMemory(cell('direct', { psk: 'wrong' }));
  const wrong = { outcome: { kind: 'connect' }, checks: [], rules: [], disputed: false } as const;
  expect(judgeClients([wrong], clients)).toMatchObject([{ verdict: 'fail' }]);
});

test('one seed gives one connection octet for octet, and another seed another', () => {
  const whole = ({ captures, ...rest }: Played) => ({ ...rest, captures: captures(0) });
  const one = whole(playInMemory(cell('both-nat')));
  expect(whole(playInMemory(cell('both-nat')))).toEqual(one);
  expect(whole(playInMemory(cell('both-nat'), 'other')).captures).not.toEqual(one.captures);
});

test('every segment has its capture, and what is inside the tunnel shows in the office alone', () => {
  const captures = playInMemory(cell('office-nat')).captures(0);
  expect(Object.keys(captures)).toEqual(Object.keys(loadTopology('office-nat').segments));
  for (const capture of Object.values(captures)) {
    const read = readPcap(capture);
    expect(read.ok && read.file.packetCount).toBeGreaterThan(5);
  }
});
