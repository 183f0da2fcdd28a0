import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { FakeWorld } from './testing/fakes.ts';

test('both ends are asked what was said at the end when it is behind them, and the record has it', async () => {
  const world = new FakeWorld();
  world.ending = (who) =>
    who === 'client' ? { said: ['ppp'], heard: [], acknowledged: true } : { said: [], heard: ['ppp'] };
  const { records } = await world.run([cell('direct')]);
  const from = world.log.indexOf('remains of responder');
  expect(world.log.slice(from, from + 4)).toEqual([
    'remains of responder',
    'ending at client',
    'ending at responder of client 0',
    'capture ends',
  ]);
  const { client, responder } = records[0]?.observed ?? {};
  expect(client?.ending).toEqual({ said: ['ppp'], heard: [], acknowledged: true });
  expect(responder?.ending).toEqual({ said: [], heard: ['ppp'] });
});

test('of several clients each has its own', async () => {
  const world = new FakeWorld();
  world.places = 2;
  world.ending = (who, client) => ({ said: who === 'client-2' || client === 1 ? ['ppp'] : [], heard: [] });
  const { records } = await world.run([cell('direct', { clients: 2 })]);
  const [record] = records;
  expect(record?.observed?.responder?.ending?.said).toEqual([]);
  expect(record?.others?.[0]?.observed?.responder?.ending?.said).toEqual(['ppp']);
  expect(record?.others?.[0]?.observed?.client?.ending?.said).toEqual(['ppp']);
});

test('a peer that does not tell is not asked, and one that breaks down over it makes the cell broken', async () => {
  const silent = await new FakeWorld().run([cell('direct')]);
  expect(silent.records[0]?.verdict).toBe('pass');
  expect(silent.records[0]?.observed?.client).not.toHaveProperty('ending');
  const world = new FakeWorld();
  world.ending = () => {
    throw new Error('gone');
  };
  const { records } = await world.run([cell('direct')]);
  expect(records[0]).toMatchObject({ verdict: 'broken' });
  expect(records[0]?.why).toContain('asking the client what was said at the end');
});
