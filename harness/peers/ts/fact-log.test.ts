import { expect, test } from 'vitest';
import type { Fact } from '../../../stack/fact.ts';
import type { AgentEvent } from './agent/protocol.ts';
import { FactLog } from './fact-log.ts';

/** A log, and how an agent tells it something. */
function newLog() {
  let tell: (event: AgentEvent) => void = () => {};
  const log = new FactLog({
    listen: (listener) => {
      tell = listener;
      return () => {};
    },
  });
  let at = 1000;
  const fact = (path: string | undefined, told: Fact) =>
    tell({ event: 'fact', at: at++, path, peer: undefined, fact: told });
  const observation = (client: number) => log.observation('ts', 'test', client, sas);
  return { log, fact, observation };
}

const sa = {
  direction: 'in',
  algorithms: { encryption: 'des-cbc', integrity: 'hmac-md5-96' },
  mode: 'transport',
  encapsulation: 'udp',
  dummies: 0,
  drops: {},
  packets: 1,
  octets: 1,
} as const;
const sas = [
  { ...sa, path: 'first', spi: 1 },
  { ...sa, path: 'second', spi: 2 },
  { ...sa, path: 'stranger', spi: 3 },
];
const warning = (detail: string): Fact => ({ fact: 'warning', detail });

test('what is told of an earlier client is its own, also after the next one has dialled', () => {
  const { log, fact, observation } = newLog();
  fact('first', warning('a'));
  log.expect(1);
  fact('second', warning('b'));
  fact('first', warning('c'));
  fact('second', warning('d'));
  expect([0, 1].map((client) => observation(client).warnings)).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test('what is about nobody in particular is of the client that is expected', () => {
  const { log, fact, observation } = newLog();
  fact(undefined, warning('a'));
  log.expect(1);
  fact(undefined, warning('b'));
  expect([0, 1, 2].map((client) => observation(client).warnings)).toEqual([['a'], ['b'], []]);
});

test('a client has the SAs of its own paths, however many paths it takes', () => {
  const { log, fact, observation } = newLog();
  fact('a try that failed', warning('a'));
  fact('first', warning('b'));
  log.expect(1);
  fact('second', warning('c'));
  expect([0, 1, 2].map((client) => observation(client).sas?.map(({ spi }) => spi))).toEqual([[1], [2], []]);
});

test('times count from the first thing that happened to this client', () => {
  const { log, fact, observation } = newLog();
  const received: Fact = {
    fact: 'ike-message',
    direction: 'received',
    exchange: 'main-mode',
    message: 1,
    transmission: 1,
    messageId: 0,
    local: { ip: '198.18.2.10', port: 500 },
    peer: { ip: '198.18.1.10', port: 500 },
  };
  fact('first', warning('a'));
  log.expect(1);
  fact('second', warning('b'));
  fact('second', received);
  expect(observation(1).stages[0]).toMatchObject({ stage: 'reach', state: 'done', atMs: 1 });
});
