import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { engine } from '../fabric/docker/engine.ts';
import type { ContainerNeeds } from '../fabric/docker/lab-container.ts';
import { label, withLabels } from '../fabric/docker/labels.ts';
import { nodeNeeds } from '../fabric/docker/needs.ts';
import { beginRun, endRun, type Run } from '../reaper/run.ts';
import { Bench, type BenchNeeds, labNeeds } from './bench.ts';
import { allProbes, type Report, runProbes } from './host.ts';

let root: string;
let run: Run;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'crossnat-doctor-'));
  run = await beginRun(root);
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true, force: true });
});

async function probe(
  needs: BenchNeeds,
  names = allProbes.map(({ name }) => name),
): Promise<Record<string, Report['outcome']>> {
  await using bench = new Bench(run, needs, new AbortController().signal, console.log);
  const reports = await runProbes(
    allProbes.filter(({ name }) => names.includes(name)),
    bench,
  );
  return Object.fromEntries(reports.map((report) => [report.probe.name, report.outcome]));
}

test('this host carries a lab', async () => {
  const outcomes = await probe(labNeeds);
  expect(Object.keys(outcomes)).toEqual(allProbes.map(({ name }) => name));
  for (const [name, outcome] of Object.entries(outcomes)) {
    expect(outcome, name).toEqual({ ok: true, fact: expect.stringMatching(/\S/) });
  }
});

test('containers without rights: each probe that needs one says no', async () => {
  const nothing: ContainerNeeds = { capabilities: [], devices: [], sysctls: {}, hostPids: false };
  const outcomes = await probe({ node: nothing, wire: nothing, endpoint: nothing });
  expect(outcomes.capabilities).toMatchObject({ ok: false, lost: expect.stringContaining('NET_ADMIN') });
  for (const name of ['namespaces', 'veth', 'iptables', 'conntrack', 'tun', 'kernel']) {
    expect(outcomes[name], name).toMatchObject({ ok: false, remedy: expect.stringMatching(/\S/) });
  }
});

test('a container that the engine refuses to start is told once', async () => {
  const refused: ContainerNeeds = { ...labNeeds.endpoint, devices: ['/dev/net/no-such-device'] };
  const outcomes = await probe({ ...labNeeds, endpoint: refused }, ['tun']);
  expect(outcomes.tun).toMatchObject({ ok: false, remedy: expect.stringContaining('modprobe tun') });
  const all = await probe({ node: refused, wire: refused, endpoint: refused }, [
    'capabilities',
    'conntrack',
    'disk',
  ]);
  expect(all.capabilities).toMatchObject({ ok: false, lost: expect.stringContaining('no-such-device') });
  expect(all.conntrack).toEqual({ ok: undefined, since: 'capabilities' });
  expect(all.disk).toEqual({ ok: undefined, since: 'capabilities' });
});

test("the host's kernel is tried when it is asked for, and what it lacks is said", async () => {
  vi.stubEnv('CROSSNAT_KERNEL', 'host');
  // Without the right to /dev/ppp no host has everything.
  const { kernel } = await probe({ ...labNeeds, endpoint: nodeNeeds({ kind: 'client' }) }, ['kernel']);
  expect(kernel).toMatchObject({
    ok: false,
    lost: expect.stringMatching(
      /^Linux peers: CROSSNAT_KERNEL=host.*PPP \(\/dev\/ppp: Operation not permitted\)/,
    ),
  });
});

test('a setting that is none ends the probing', async () => {
  vi.stubEnv('CROSSNAT_KERNEL', 'hots');
  await expect(probe(labNeeds, ['kernel'])).rejects.toMatchObject({ code: 'usage' });
});

test('nothing is left behind', async () => {
  const left = await engine().listContainers({ all: true, filters: withLabels({ [label.run]: run.id }) });
  expect(left.map(({ Names }) => Names)).toEqual([]);
});
