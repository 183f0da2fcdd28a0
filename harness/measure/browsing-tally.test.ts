import { expect, test } from 'vitest';
import { loadTopology } from '../topologies.ts';
import { browsingTally } from './browsing-tally.ts';
import type { OuterPacket } from './outer.ts';

const web = '198.18.2.80';

function packet(source: string, destination: string): OuterPacket {
  return { source, destination, ports: undefined, size: 84, content: { kind: 'other' } };
}

test('who speaks to the web server is counted where it stands, by address', () => {
  const tally = browsingTally(loadTopology('both-nat'));
  tally.add('internet', packet('198.18.2.10', web), false);
  tally.add('internet', packet('198.18.2.10', web), false);
  tally.add('internet', packet('198.18.1.10', web), false);
  // Its answers, what passes by, and a segment on the way to it.
  tally.add('internet', packet(web, '198.18.2.10'), false);
  tally.add('internet', packet('198.18.1.10', '198.18.2.10'), false);
  tally.add('interconn', packet('10.0.0.2', web), false);
  expect(tally.result()).toEqual({
    browsing: { from: { '198.18.2.10': 2, '198.18.1.10': 1 }, untranslated: {} },
  });
});

test('inner addresses are counted in both directions, where they are to or from it', () => {
  const tally = browsingTally(loadTopology('both-nat'));
  tally.add('interconn', packet('192.168.8.50', web), true);
  tally.add('interconn', packet(web, '192.168.8.50'), true);
  tally.add('interconn', packet('192.168.8.50', '198.18.2.10'), true);
  expect(tally.result()).toEqual({ browsing: { from: {}, untranslated: { interconn: 2 } } });
});

test('nobody browses where nobody is seen, or no web server is', () => {
  expect(browsingTally(loadTopology('both-nat')).result()).toEqual({});
  const without = browsingTally(loadTopology('carrier-nat'));
  without.add('internet', packet('198.18.2.10', web), true);
  expect(without.result()).toEqual({});
});
