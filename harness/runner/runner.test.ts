import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { cell } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { CellRecord } from '../record.ts';
import { FakeWorld } from './testing/fakes.ts';

const brief = (records: readonly CellRecord[]) => records.map(({ cell, verdict }) => `${cell}: ${verdict}`);

test('what a topology has happen to a connection comes after its proof of traffic, and is followed by pings', async () => {
  const world = new FakeWorld();
  const { records } = await world.run([cell('direct', { nat: 'rebinding' })]);
  const from = world.log.indexOf('connect');
  expect(world.log.slice(from, from + 5)).toEqual([
    'connect',
    'traffic',
    'rebind rebinding',
    'ping again',
    'disconnect',
  ]);
  expect(records[0]?.observed?.traffic?.pingAfterHold).toEqual({ sent: 3, received: 3 });
});

test('a connecting cell is played step by step, and all evidence is there before the lab goes down', async () => {
  const world = new FakeWorld();
  const { records } = await world.run([cell('direct', { nat: 'no-forwards' })]);
  expect(world.log.slice(0, 17)).toEqual([
    'up lab1',
    'start client',
    'start responder',
    'boxes no-forwards',
    'capture',
    'configure responder',
    'configure client',
    'connect',
    'traffic',
    'disconnect',
    'remains of client',
    'remains of responder',
    'capture ends',
    'write cells/direct/nat=no-forwards/client.log',
    'write cells/direct/nat=no-forwards/responder.log',
    // The canary follows on the same lab.
    'boxes default',
    'capture',
  ]);
  expect(world.log.at(-1)).toBe('down lab1');
  expect(records[0]).toMatchObject({
    verdict: 'pass',
    connectMs: 250,
    lab: { id: 'lab1', state: 'fresh', cellNumber: 1 },
    versions: { lab: 'lab1', client: 'ts 1', responder: 'ts 1' },
    host: { engine: 'fake' },
    files: { captures: { wire: 'cells/direct/nat=no-forwards/wire.pcap' } },
    replay: 'npm test -- --cell direct/nat=no-forwards --seed s',
  });
});

test('cells run in listed order, topology by topology, one lab for each', async () => {
  const world = new FakeWorld();
  const cells = [cell('office-nat'), cell('direct'), cell('office-nat', { p2: '1' })];
  const { records, labs } = await world.run(cells);
  expect(brief(records)).toEqual(['office-nat: pass', 'office-nat/p2=1: pass', 'direct: pass']);
  expect(records[1]?.lab).toEqual({ id: 'lab1', state: 'reused', cellNumber: 2 });
  // The canary is the third cell of the first lab.
  expect(
    labs.map(({ topology, id, connectingMs, otherMs }) => [
      topology,
      id,
      connectingMs.length,
      otherMs.length,
    ]),
  ).toEqual([
    ['office-nat', 'lab1', 2, 1],
    ['direct', 'lab2', 1, 0],
  ]);
});

test('each record is written as its cell ends, and a throw loses none', async () => {
  const world = new FakeWorld();
  world.onConnect = ({ p2 }) => {
    if (p2 === '2') throw new TypeError('a bug in a driver');
  };
  const { records } = await world.run([
    cell('direct', { p2: '1' }),
    cell('direct', { p2: '2' }),
    cell('direct', { p2: '3' }),
  ]);
  expect(brief(records)).toEqual(['direct/p2=1: pass', 'direct/p2=2: broken', 'direct/p2=3: pass']);
  expect(records[1]?.why).toBe('playing the cell: a bug in a driver');
  expect(Object.keys(records[1]?.files.logs ?? {})).toEqual([
    'client',
    'responder',
    'container-client',
    'container-responder',
    'harness',
  ]);
  expect(records[1]?.observed?.client?.stages).toHaveLength(1);
  // What broke is not trusted with another cell.
  expect(records[2]?.lab).toMatchObject({ id: 'lab2', state: 'fresh' });
  expect(world.records.filter(({ canary }) => !canary)).toEqual(JSON.parse(JSON.stringify(records)));
});

test('a peer that hangs gives broken at the deadline, with what hung', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const world = new FakeWorld();
    world.onConnect = () => new Promise(() => {});
    const running = world.run([cell('direct')]);
    await vi.runAllTimersAsync();
    const { records } = await running;
    expect(records[0]).toMatchObject({
      verdict: 'broken',
      why: expect.stringContaining('connecting: no end within 120 s'),
    });
    expect(world.log).toContain('capture ends');
  } finally {
    vi.useRealTimers();
  }
});

test('boxes that cannot be set give broken, and the capture that was starting beside them ends', async () => {
  const world = new FakeWorld();
  world.onBoxes = () => {
    throw new CrossnatError('broken', { doing: 'setting the boxes', found: 'no rules', remedy: 'Look' });
  };
  world.onCapture = () => setImmediate();
  const { records } = await world.run([cell('direct')]);
  expect(records[0]).toMatchObject({ verdict: 'broken', why: 'setting the boxes: no rules. Look' });
  expect(world.log).toContain('capture ends');
  expect(world.log).not.toContain('connect');
});

test('peers that still hold something start anew before the next cell', async () => {
  const world = new FakeWorld();
  world.remains = ({ p2 }) => (p2 === '1' ? ['an SA'] : []);
  await world.run([cell('direct', { p2: '1' }), cell('direct', { p2: '2' })]);
  const between = world.log.slice(world.log.indexOf('disconnect'), world.log.lastIndexOf('connect'));
  expect(between).toEqual(
    expect.arrayContaining(['stop client', 'stop responder', 'start client', 'start responder']),
  );
  expect(world.log.filter((line) => line.startsWith('up'))).toHaveLength(1);
});

test('bail stops after the first cell that is not as expected', async () => {
  const world = new FakeWorld();
  world.meets = ({ p2 }) => p2 !== '2';
  const cells = ['1', '2', '3'].map((p2) => cell('direct', { p2 }));
  const { records, notRun } = await world.run(cells, { bail: true });
  expect(brief(records)).toEqual(['direct/p2=1: pass', 'direct/p2=2: fail']);
  expect(notRun.map(({ cell: { p2 } }) => p2)).toEqual(['3']);
  expect(world.log.at(-1)).toMatch(/^down/);
});

test('bail goes on after what no containers can be, and stops at what this host lacks', async () => {
  const world = new FakeWorld();
  world.beyond = (nat) => (nat === 'symmetric' ? 'no such box' : undefined);
  const cells = ['symmetric', 'default'].map((nat) => cell('direct', { nat }));
  const { records } = await world.run(cells, { bail: true });
  expect(brief(records)).toEqual(['direct/nat=symmetric: unavailable', 'direct: pass']);
  expect(records.map(({ beyondFabric }) => beyondFabric)).toEqual([true, undefined]);
  world.probe = { ...world.probe, lacks: [{ what: 'no tun', remedy: 'modprobe tun' }] };
  const lacking = await world.run(cells, { bail: true });
  expect(brief(lacking.records)).toEqual(['direct/nat=symmetric: unavailable']);
  expect(lacking.records[0]?.beyondFabric).toBeUndefined();
});

test('an interruption keeps what had ended, records no half cell, and takes the lab down', async () => {
  const world = new FakeWorld();
  world.onConnect = ({ p2 }) => {
    if (p2 === '2') world.interruption.abort(new Error('interrupted'));
  };
  const cells = ['1', '2', '3'].map((p2) => cell('direct', { p2 }));
  const { records, notRun } = await world.run(cells, { keep: true });
  expect(brief(records)).toEqual(['direct/p2=1: pass']);
  expect(notRun).toHaveLength(2);
  expect(world.log.at(-1)).toBe('down lab1');
});

test('an interruption while a lab comes up waits for what the fabric makes of it', async () => {
  const world = new FakeWorld();
  world.onUp = async () => {
    world.interruption.abort(new Error('interrupted'));
    await setImmediate();
  };
  const { records, labs } = await world.run([cell('direct')]);
  expect([records, labs]).toEqual([[], []]);
  expect(world.log).toEqual(['up lab1', 'down lab1']);
});

test('a record that cannot be written ends the run, with what was finished and the lab down', async () => {
  const world = new FakeWorld();
  world.onAppend = ({ axes }) => {
    if (axes.p2 === '2') throw new Error('the disk is full');
  };
  const cells = ['1', '2', '3'].map((p2) => cell('direct', { p2 }));
  const { records, notRun, failure } = await world.run(cells);
  expect(brief(records)).toEqual(['direct/p2=1: pass']);
  expect(notRun).toHaveLength(2);
  expect(failure?.error).toMatchObject({ message: 'the disk is full' });
  expect(world.log.at(-1)).toBe('down lab1');
});

test('a kept lab stays up', async () => {
  const world = new FakeWorld();
  const { labs } = await world.run([cell('direct')], { keep: true });
  expect(world.log.join()).not.toContain('down');
  expect(labs[0]?.downMs).toBeUndefined();
});

test('what a peer declares it cannot play is unsupported and brings no lab up', async () => {
  const world = new FakeWorld();
  world.unsupported = () => 'knows no pre-shared keys';
  const { records, canary } = await world.run([cell('direct'), cell('direct', { clients: 2 })]);
  expect(records.map(({ why }) => why)).toEqual([
    'knows no pre-shared keys',
    'direct has a place for one client',
  ]);
  expect(brief(records)[0]).toBe('direct: unsupported');
  expect(canary).toBeUndefined();
  expect(world.log).toEqual([]);
});

test('what the host lacks makes cells unavailable, with what to type', async () => {
  const world = new FakeWorld();
  world.probe = { ...world.probe, lacks: [{ what: 'no engine', remedy: 'Type: npm run engine' }] };
  const { records } = await world.run([cell('direct')]);
  expect(records[0]).toMatchObject({ verdict: 'unavailable', why: 'no engine. Type: npm run engine' });
  expect(world.log).toEqual([]);
});

test('a topology that does not come up is tried once, and breaks each of its cells', async () => {
  const world = new FakeWorld();
  let tries = 0;
  world.onUp = () => {
    tries += 1;
    throw new CrossnatError('broken', { doing: 'building ts', found: 'no network', remedy: 'Connect it' });
  };
  const { records } = await world.run([cell('direct'), cell('direct', { p2: '1' })]);
  expect(brief(records)).toEqual(['direct: broken', 'direct/p2=1: broken']);
  expect(records[0]?.why).toBe('building ts: no network. Connect it');
  expect(tries).toBe(1);
});

test('sustained throughput is measured after the full capture has ended', async () => {
  const world = new FakeWorld();
  const { records } = await world.run([cell('direct')], { throughput: true });
  expect(world.log.slice(world.log.indexOf('traffic'), world.log.indexOf('disconnect'))).toEqual([
    'traffic',
    'capture ends',
    'sustain',
  ]);
  expect(records[0]?.observed?.traffic?.sustained).toBe(true);
});

test('with two jobs two labs stand at once, every cell is played, and there is one canary', async () => {
  const world = new FakeWorld();
  let standing = 0;
  const both = Promise.withResolvers<void>();
  world.onUp = () => {
    standing += 1;
    if (standing === 2) both.resolve();
    return both.promise;
  };
  const cells = ['direct', 'office-nat', 'hotel-nat'].map((topology) => cell(topology));
  const { records, notRun, labs } = await world.run(cells, { jobs: 2 });
  expect(records.map(({ cell }) => cell).sort()).toEqual(['direct', 'hotel-nat', 'office-nat']);
  expect(notRun).toEqual([]);
  expect(labs).toHaveLength(3);
  expect(world.records.filter(({ canary }) => canary)).toHaveLength(1);
});

test('the failure of one lane ends the other, and nothing stays up', async () => {
  const world = new FakeWorld();
  const appended = Promise.withResolvers<void>();
  world.onAppend = () => {
    appended.resolve();
    throw new Error('disk full');
  };
  world.onUp = async ({ topology }) => {
    if (topology.name === 'office-nat') await appended.promise;
  };
  const { failure, notRun } = await world.run([cell('direct'), cell('office-nat'), cell('hotel-nat')], {
    jobs: 2,
  });
  expect(failure?.error).toEqual(new Error('disk full'));
  expect(notRun.map((planned) => planned.cell.topology)).toContain('hotel-nat');
  const ups = world.log.filter((line) => line.includes('up'));
  const downs = world.log.filter((line) => line.includes('down'));
  expect(ups.length).toBeGreaterThan(0);
  expect(downs).toHaveLength(ups.length);
});
