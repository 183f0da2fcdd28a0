import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { FakeWorld } from './testing/fakes.ts';

const two = cell('direct', { clients: 2 });

function worldWith(places: number): FakeWorld {
  const world = new FakeWorld();
  world.places = places;
  return world;
}

test('clients dial one after the other, and all evidence of all is there before the lab goes down', async () => {
  const world = worldWith(3);
  const { records } = await world.run([cell('direct', { clients: 3 })]);
  expect(world.log.slice(0, world.log.indexOf('write cells/direct/clients=3/client.log'))).toEqual([
    'up lab1',
    'start client',
    'start client-2',
    'start client-3',
    'start responder',
    'boxes default',
    'capture',
    'configure responder',
    'configure client',
    'configure client-2',
    'configure client-3',
    'connect',
    'traffic',
    'expect client 1',
    'connect client-2',
    'traffic client-2',
    'expect client 2',
    'connect client-3',
    'traffic client-3',
    'ping again',
    'ping again client-2',
    'disconnect',
    'disconnect client-2',
    'disconnect client-3',
    'remains of client',
    'remains of client-2',
    'remains of client-3',
    'remains of responder',
    'capture ends',
  ]);
  expect(records[0]?.verdict).toBe('pass');
  expect(Object.keys(records[0]?.files.logs ?? {})).toEqual(['client', 'client-2', 'client-3', 'responder']);
});

test('each client has its own evidence in the record: the first beside the verdict, the others apart', async () => {
  const { records } = await worldWith(2).run([two]);
  expect(records[0]).toMatchObject({
    observed: {
      client: { peer: 'client' },
      responder: { peer: 'responder of client 0' },
      traffic: { pingAfterOthers: { sent: 3, received: 3 } },
    },
    others: [
      {
        client: 2,
        verdict: 'pass',
        expectation: { outcome: { kind: 'connect' } },
        observed: { client: { peer: 'client-2' }, responder: { peer: 'responder of client 1' } },
      },
    ],
  });
  // Nobody dials after the last.
  expect(records[0]?.others?.[0]?.observed?.traffic).not.toHaveProperty('pingAfterOthers');
});

test('trouble while the second connects keeps what the first showed, and says of what', async () => {
  const world = worldWith(2);
  world.onConnect = (_, __, client) => {
    if (client === 1) throw new Error('its program died');
  };
  const { records } = await world.run([two]);
  expect(records[0]).toMatchObject({
    verdict: 'broken',
    why: 'playing the cell: its program died',
    observed: { client: { peer: 'client' }, traffic: { target: '192.168.2.10' } },
    others: [{ client: 2, verdict: 'broken', observed: { client: { peer: 'client-2' } } }],
  });
  expect(world.log).not.toContain('ping again');
  expect(world.log).toEqual(expect.arrayContaining(['disconnect', 'disconnect client-2']));
});

test('the verdict is the worst client’s, and it is named', async () => {
  const world = worldWith(3);
  world.meets = ({ psk }, _, __, client) => psk === 'good' && client !== 1;
  const { records } = await world.run([cell('direct', { clients: 3 })]);
  expect(records[0]).toMatchObject({
    verdict: 'fail',
    why: 'client 2: not as expected',
    first: { verdict: 'pass', why: 'as expected' },
    others: [
      { client: 2, verdict: 'fail' },
      { client: 3, verdict: 'pass' },
    ],
  });
});

test('a cell is disputed where any of its clients is', async () => {
  const world = worldWith(2);
  world.disputedClient = 1;
  const { records } = await world.run([two, cell('direct')]);
  expect(records.map(({ disputed }) => disputed)).toEqual([true, false]);
});

test('what one client leaves is not the other’s, but all start anew', async () => {
  const world = worldWith(2);
  world.remains = ({ p2 }, who) => (p2 === '1' && who === 'client-2' ? ['an SA'] : []);
  await world.run([cell('direct', { clients: 2, p2: '1' }), cell('direct', { clients: 2, p2: '2' })]);
  expect(world.evidence.at(0)?.map(({ left }) => left)).toEqual([
    { client: [], responder: [] },
    { client: ['an SA'], responder: [] },
  ]);
  expect(world.log.filter((line) => line.startsWith('start'))).toEqual([
    ...['start client', 'start client-2', 'start responder'],
    ...['start client', 'start client-2', 'start responder'],
  ]);
});

test('cells with as many clients share a lab that has those and no other', async () => {
  const world = worldWith(5);
  const clients: string[][] = [];
  world.onUp = ({ topology }) => void clients.push(Object.keys(topology.nodes));
  const { labs } = await world.run([cell('direct'), two, cell('direct', { p2: '1' })]);
  expect(clients).toEqual([
    ['client', 'responder'],
    ['client', 'client-2', 'responder'],
  ]);
  // The canary, which is the third cell of the first lab, has that lab's clients too.
  expect(labs.map(({ connectingMs, otherMs }) => [connectingMs.length, otherMs.length])).toEqual([
    [2, 1],
    [1, 0],
  ]);
});

test('a topology with too few places makes a cell unsupported, whatever its peers can', async () => {
  const world = worldWith(2);
  const { records } = await world.run([cell('direct', { clients: 3 })], { attemptUnsupported: true });
  expect(records[0]).toMatchObject({ verdict: 'unsupported', why: 'direct has places for 2 clients' });
  expect(records[0]?.attempted).toBeUndefined();
  expect(world.log).toEqual([]);
});

test('keys that the peers give are written beside the captures, those of every client', async () => {
  const world = worldWith(2);
  world.captureKeys = (who) => ({ ike: [{ initiatorCookie: who, key: '00' }], esp: [] });
  const { records } = await world.run([two], { keys: true });
  expect(records[0]?.files.keys).toEqual({ table: 'cells/direct/clients=2/table' });
  const keys = JSON.parse(world.written.get('cells/direct/clients=2/table') ?? '') as {
    ike: { initiatorCookie: string }[];
  }[];
  expect(keys.map(({ ike }) => ike[0]?.initiatorCookie)).toEqual([
    'client',
    'responder',
    'client-2',
    'responder',
  ]);
});

test('nobody is asked for keys of a connection that never came to an SA', async () => {
  const world = worldWith(1);
  world.captureKeys = () => {
    throw new Error('there is no SA');
  };
  const { records } = await world.run([cell('direct', { psk: 'wrong' })], { keys: true });
  expect(records[0]?.verdict).toBe('pass');
  expect(records[0]?.files.keys).toBeUndefined();
});

test('keys are secret: without being told to keep them a run asks nobody', async () => {
  const world = worldWith(1);
  world.captureKeys = () => {
    throw new Error('nobody wanted to know');
  };
  const { records } = await world.run([cell('direct')]);
  expect(records[0]).toMatchObject({ verdict: 'pass' });
  expect(records[0]?.files.keys).toBeUndefined();
});
