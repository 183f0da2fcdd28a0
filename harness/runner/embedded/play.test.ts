import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../../cell.ts';
import { factsOf } from '../../cell-facts.ts';
import { withClients } from '../../client-places.ts';
import { readPcap } from '../../measure/pcap.ts';
import { networkSettings } from '../../network-settings.ts';
import { expectationFor } from '../../oracle/oracle.ts';
import type { CellSettings } from '../../peers/peer.ts';
import { exampleSettings } from '../../peers/testing/settings.ts';
import { loadTopology } from '../../topologies.ts';
import { judgeClients } from '../../verdict/judge.ts';
import { type Played, playEmbedded } from './play.ts';

/** Of the How-To's script; the last one's password is whoever's types it. */
const users = ['dialin1', 'dialin2', 'dialin3', 'dialin4', 'secoff'];
const passwordOf = (user: string) => (user === 'secoff' ? 'notused1' : `friend${user.slice(-1)}`);

function play(played: Cell, seed = 'seed'): Played {
  const topology = withClients(loadTopology(played.topology), played.clients);
  const settingsOf = (client: number): CellSettings => ({
    ...exampleSettings(topology.dial),
    clientPreSharedKey: played.psk === 'good' ? exampleSettings(topology.dial).preSharedKey : 'abc124',
    user: users[client] ?? '',
    password: passwordOf(users[client] ?? ''),
    callers: users.slice(0, played.clients).map((user) => ({ user, password: passwordOf(user) })),
    seed: `${seed}/${client}`,
  });
  const others = Array.from({ length: played.clients - 1 }, (_, index) => settingsOf(index + 1));
  const surroundings = networkSettings(topology, played.nat);
  return playEmbedded(played, topology, surroundings, [settingsOf(0), ...others], 'v');
}

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
  (_, played) => {
    const topology = withClients(loadTopology(played.topology), played.clients);
    const expectations = Array.from({ length: played.clients }, (__, place) =>
      expectationFor(factsOf(played, topology, place)),
    );
    const judgements = judgeClients(expectations, play(played).clients);
    expect(judgements.map(({ verdict, why }) => `${verdict}: ${why}`)).toEqual(
      judgements.map(() => expect.stringMatching(/^pass: /)),
    );
  },
);

test('a cell judged against what it cannot meet fails', () => {
  const { clients } = play(cell('direct', { psk: 'wrong' }));
  const wrong = { outcome: { kind: 'connect' }, checks: [], rules: [], disputed: false } as const;
  expect(judgeClients([wrong], clients)).toMatchObject([{ verdict: 'fail' }]);
});

test('one seed gives one connection octet for octet, and another seed another', () => {
  const whole = ({ captures, ...rest }: Played) => ({ ...rest, captures: captures(0) });
  const one = whole(play(cell('both-nat')));
  expect(whole(play(cell('both-nat')))).toEqual(one);
  expect(whole(play(cell('both-nat'), 'other')).captures).not.toEqual(one.captures);
});

test('every segment has its capture, and what is inside the tunnel shows in the office alone', () => {
  const captures = play(cell('office-nat')).captures(0);
  expect(Object.keys(captures)).toEqual(Object.keys(loadTopology('office-nat').segments));
  for (const capture of Object.values(captures)) {
    const read = readPcap(capture);
    expect(read.ok && read.file.packetCount).toBeGreaterThan(5);
  }
});
