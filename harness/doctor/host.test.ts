import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { CrossnatError } from '../error.ts';
import { Bench, labNeeds } from './bench.ts';
import { reportText } from './command.ts';
import { allProbes, runProbes } from './host.ts';
import { lost, ok, type Probe } from './probe.ts';

// Port 9 of this machine is where nothing listens; the client reads this when it is first used.
process.env.DOCKER_HOST = 'tcp://127.0.0.1:9';

function bench(signal = new AbortController().signal): Bench {
  return new Bench({ id: 'none', checkout: 'none', directory: '' }, labNeeds, signal, () => {});
}

test('without an engine one probe says so, with a remedy, and the others rest on it', async () => {
  const [first, ...others] = await runProbes(allProbes, bench());
  expect(first?.probe.name).toBe('engine');
  expect(first?.outcome).toMatchObject({ ok: false, remedy: expect.stringContaining('npm run engine') });
  for (const { outcome } of others) expect(outcome).toEqual({ ok: undefined, since: 'engine' });
});

const answering = (name: string, run: Probe['run']): Probe => ({ name, does: 'tries', run });

test('reports keep the order of the probes, and a different failure stands for itself', async () => {
  const trouble = new CrossnatError('unavailable', {
    doing: 'starting',
    found: 'no room',
    remedy: 'Make some',
  });
  const reports = await runProbes(
    [
      answering('slow', async () => ok(await new Promise((resolve) => setImmediate(resolve, 'done')))),
      answering('lost', async () => lost('everything', 'Buy a new one')),
      answering('first', async () => {
        throw trouble;
      }),
      answering('second', async () => {
        throw trouble;
      }),
    ],
    bench(),
  );
  expect(reports.map(({ outcome }) => outcome)).toEqual([
    { ok: true, fact: 'done' },
    { ok: false, lost: 'everything', remedy: 'Buy a new one' },
    { ok: false, lost: 'starting: no room', remedy: 'Make some' },
    { ok: undefined, since: 'first' },
  ]);
});

test('a bug in a probe is not taken for a lack of the host', async () => {
  const broken = answering('broken', async () => {
    throw new TypeError('a bug');
  });
  await expect(runProbes([broken], bench())).rejects.toThrow('a bug');
});

test('an interruption is not taken for a lack of the host', async () => {
  const controller = new AbortController();
  const interrupted = answering('interrupted', async () => {
    controller.abort(new Error('Ctrl-C'));
    throw new CrossnatError('interrupted', { doing: 'x', found: 'y', remedy: 'z' });
  });
  await expect(runProbes([interrupted], bench(controller.signal))).rejects.toThrow('Ctrl-C');
});

test('each report is a line, with the remedy below when something is lost', () => {
  const probe = answering('tun', async () => ok(''));
  expect(stripVTControlCharacters(reportText({ probe, outcome: ok('/dev/net/tun') }))).toBe(
    '✓ tun           tries: /dev/net/tun',
  );
  expect(
    stripVTControlCharacters(reportText({ probe, outcome: lost('tunnels', 'modprobe tun') })).split('\n'),
  ).toEqual(['✗ tun           tries. Lost: tunnels', '                modprobe tun']);
  expect(
    stripVTControlCharacters(reportText({ probe, outcome: { ok: undefined, since: 'engine' } })),
  ).toContain('since engine is not ok');
});
