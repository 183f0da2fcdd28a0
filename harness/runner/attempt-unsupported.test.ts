import { expect, test, vi } from 'vitest';
import { type Cell, cell } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { worksAfterAll } from '../record.ts';
import { canaryComplaint } from './canary.ts';
import { FakeWorld } from './testing/fakes.ts';

const odd = cell('direct', { p2: '1' });

/** A world whose peers declare that they cannot play this cell. */
function worldWithLimit(limited: Cell): FakeWorld {
  const world = new FakeWorld();
  world.unsupported = ({ p2 }) => (p2 === limited.p2 ? 'takes all its transforms' : undefined);
  world.checks = ({ p2 }) => (p2 === '1-2-3-4' ? [] : [{ check: 'phase2-transform', transform: p2 }]);
  return world;
}

const all = { attemptUnsupported: true };

test('a declaration is taken for true unless it is asked to be tried', async () => {
  const { records, canary } = await worldWithLimit(odd).run([odd]);
  expect(records[0]).toMatchObject({
    verdict: 'unsupported',
    replay: 'npm test -- --cell direct/p2=1 --seed s',
  });
  expect(records[0]?.attempted).toBeUndefined();
  expect(canary).toBeUndefined();
});

test('a cell that works after all stays unsupported, and its record says what came of it', async () => {
  const world = worldWithLimit(odd);
  const { records, canary } = await world.run([odd], all);
  expect(records[0]).toMatchObject({
    verdict: 'unsupported',
    why: 'takes all its transforms',
    attempted: {
      verdict: 'pass',
      why: 'as expected',
      lab: { id: 'lab1', state: 'fresh' },
      observed: { client: { peer: 'client' } },
      files: { logs: { client: 'cells/direct/p2=1/client.log' } },
    },
    files: { captures: {}, logs: {} },
    versions: { client: 'ts 1' },
    replay: 'npm test -- --cell direct/p2=1 --seed s --attempt-unsupported',
  });
  // Who says that a declaration is false has to show that it can say no.
  expect(canary).toMatchObject({ verdict: 'fail', lab: { id: 'lab2' } });
  expect(canaryComplaint(records, canary)).toBeUndefined();
  expect(world.records).toHaveLength(2);
});

test('a cell that fails when played is not tried again, and leaves no lab to others', async () => {
  const world = worldWithLimit(odd);
  world.meets = ({ psk, p2 }) => psk === 'good' && p2 !== '1';
  const { records } = await world.run([cell('direct'), odd, cell('direct', { p2: '2' })], all);
  expect(records.map(({ verdict }) => verdict)).toEqual(['pass', 'unsupported', 'pass']);
  expect(records[1]?.attempted).toMatchObject({
    verdict: 'fail',
    why: 'not as expected',
    lab: { id: 'lab2', state: 'fresh', cellNumber: 1 },
  });
  expect(records[2]?.lab).toEqual({ id: 'lab3', state: 'fresh', cellNumber: 1 });
  expect(world.log.filter((line) => line.startsWith('down'))).toEqual([
    'down lab1',
    'down lab2',
    'down lab3',
  ]);
});

test('a pass that the same cell without the setting would have, too, proves nothing of the declaration', async () => {
  const world = worldWithLimit(odd);
  world.checks = () => [];
  const { records, canary } = await world.run([odd, cell('direct')], { ...all, bail: true });
  expect(records[0]?.attempted).toMatchObject({ verdict: 'pass', sameAs: 'direct' });
  expect(records.map(worksAfterAll)).toEqual([false, false]);
  expect(canary?.verdict).toBe('fail');
});

test('what the driver cannot set up could not be attempted, and says why', async () => {
  const world = worldWithLimit(odd);
  world.onConfigure = ({ p2 }) => {
    if (p2 !== '1') return;
    throw new CrossnatError('broken', {
      doing: 'writing the settings',
      found: 'there is no such setting',
      remedy: 'Leave it out',
    });
  };
  const { records } = await world.run([odd], all);
  expect(records[0]).toMatchObject({ verdict: 'unsupported', why: 'takes all its transforms' });
  expect(records[0]?.attempted).toMatchObject({
    verdict: 'broken',
    why: 'could not be attempted: writing the settings: there is no such setting. Leave it out',
    files: { logs: { client: 'cells/direct/p2=1/client.log' } },
  });
  expect(world.log).not.toContain('connect');
});

test('what the rule table does not speak of is not played, and no fault of a cell that peers decline', async () => {
  const world = worldWithLimit(odd);
  world.checks = ({ p2 }) => {
    if (p2 !== '1') return [];
    throw new CrossnatError('bad-data', { doing: 'asking', found: 'no rule speaks of it', remedy: 'Add it' });
  };
  const [plain, attempted] = [await world.run([odd]), await world.run([odd], all)];
  expect(plain.records[0]).toMatchObject({ verdict: 'unsupported', why: 'takes all its transforms' });
  expect(attempted.records[0]).toMatchObject({
    verdict: 'unsupported',
    attempted: { verdict: 'broken', why: 'could not be attempted: asking: no rule speaks of it. Add it' },
  });
  expect(world.log).toEqual([]);
});

test('a lab that does not come up is an attempt that could not be made', async () => {
  const world = worldWithLimit(odd);
  world.onUp = () => {
    throw new CrossnatError('broken', { doing: 'building ts', found: 'no network', remedy: 'Connect it' });
  };
  const { records, canary } = await world.run([odd], all);
  expect(records[0]?.attempted).toMatchObject({
    verdict: 'broken',
    why: 'could not be attempted: building ts: no network. Connect it',
    files: { captures: {}, logs: {} },
  });
  expect(canary).toBeUndefined();
});

test('a peer that hangs is a broken attempt, not a run that hangs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const world = worldWithLimit(odd);
    world.onConnect = ({ p2 }) => (p2 === '1' ? new Promise(() => {}) : undefined);
    const running = world.run([odd, cell('direct')], all);
    await vi.runAllTimersAsync();
    const { records } = await running;
    expect(records[0]?.attempted).toMatchObject({
      verdict: 'broken',
      why: expect.stringMatching(/^connecting: no end within 120 s/),
      observed: { client: { peer: 'client' } },
    });
    expect(records[1]).toMatchObject({ verdict: 'pass', lab: { id: 'lab2', state: 'fresh' } });
  } finally {
    vi.useRealTimers();
  }
});

test('a peer without this part is not made to play it', async () => {
  const world = worldWithLimit(odd);
  world.roles = ['responder'];
  const { records } = await world.run([odd], all);
  expect(records[0]?.attempted).toMatchObject({
    verdict: 'unsupported',
    why: 'could not be attempted: ts plays no client',
  });
  expect(world.log).toEqual([]);
});

test('without what the host lacks nothing is attempted', async () => {
  const world = worldWithLimit(odd);
  world.probe = { ...world.probe, lacks: [{ what: 'no engine', remedy: 'Type: npm run engine' }] };
  const { records } = await world.run([odd], all);
  expect(records[0]?.attempted).toMatchObject({
    verdict: 'unavailable',
    why: 'could not be attempted: no engine. Type: npm run engine',
  });
  expect(world.log).toEqual([]);
});

test('what the lab has no place for is not attempted', async () => {
  const world = new FakeWorld();
  const { records } = await world.run([cell('direct', { clients: 2 })], all);
  expect(records.map(({ verdict, why, attempted }) => [verdict, why, attempted])).toEqual([
    ['unsupported', 'direct has a place for one client', undefined],
  ]);
  expect(world.log).toEqual([]);
});

test('bail stops at a declaration that proved false', async () => {
  const world = worldWithLimit(odd);
  const { records, notRun } = await world.run([odd, cell('direct')], { ...all, bail: true });
  expect(records).toHaveLength(1);
  expect(notRun).toHaveLength(1);
});

test('an interruption of an attempt records no half cell', async () => {
  const world = worldWithLimit(odd);
  world.onConnect = () => world.interruption.abort(new Error('interrupted'));
  const { records } = await world.run([odd], all);
  expect(records).toEqual([]);
  expect(world.log.at(-1)).toBe('down lab1');
});

test('what both peers declare is said of both', async () => {
  const world = new FakeWorld();
  world.unsupported = (_, role) => `as a ${role} it cannot`;
  const { records } = await world.run([cell('direct')]);
  expect(records[0]?.why).toBe('as a client it cannot; as a responder it cannot');
});
