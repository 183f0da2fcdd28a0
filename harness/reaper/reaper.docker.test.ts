import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import { engine } from '../fabric/docker/engine.ts';
import type { DockerLab } from '../fabric/docker/lab.ts';
import { label, withLabels } from '../fabric/docker/labels.ts';
import { smallTopology } from '../fabric/docker/small-topology.ts';
import { findNode, keptLabs, listLabs, removeKeptLabs } from './labs.ts';
import { reapDeadRuns } from './reap.ts';
import { beginRun, endRun, type Run } from './run.ts';
import { lockFile, runsWithFiles } from './run-files.ts';
import { namespacesOf, standingOf } from './testing/network-namespaces.ts';
import { watchdogsPatience } from './testing/patience.ts';

const signal = new AbortController().signal;
/** A checkout of the tests' own: nobody else's runs are in it. */
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const members = Object.keys(smallTopology.nodes).length + 1;
let live: Run;
let lab: DockerLab;

beforeAll(async () => {
  live = await beginRun(root);
  const plan = { topology: smallTopology, images: {}, keep: false };
  lab = await dockerFabric(live, () => {}).up(plan, signal);
});

afterAll(async () => {
  await removeKeptLabs(root);
  await endRun(live);
  rmSync(root, { recursive: true });
});

interface Doomed {
  readonly child: ChildProcessWithoutNullStreams;
  readonly id: string;
  /** Resolves when it says this. */
  says(text: string): Promise<void>;
  tell(text: string): void;
  kill(): Promise<void>;
}

/** Starts a run in a process of its own; one that is to `stopAt` something stops for good when it says that. */
async function doomedRun(keep: 'keep' | 'drop', stopAt?: string): Promise<Doomed> {
  const argv = [root, keep, ...(stopAt === undefined ? [] : [stopAt])];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'doomed-run.ts'), ...argv]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  child.stderr.pipe(process.stderr);
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => said.some((line) => line.startsWith(text)) && resolve();
      lines.on('line', look).once('close', () => reject(new Error(`it ended without saying "${text}"`)));
      look();
    });
  await says('run ');
  const id = said.find((line) => line.startsWith('run '))?.slice('run '.length) ?? '';
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    id,
    says,
    tell: (text) => void child.stdin.write(`${text}\n`),
    kill: () => {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** Resolves at the first of these events among a run's containers, and at once where it was before. */
async function engineEvent(run: string, event: string): Promise<void> {
  const filters = { type: ['container' as const], event: [event], ...withLabels({ [label.run]: run }) };
  const events = (await engine().getEvents({ filters, since: 1 })) as Readable;
  await new Promise((resolve) => events.once('data', resolve));
  events.on('error', () => {});
  events.destroy();
}

function containers(values: Record<string, string>) {
  return engine().listContainers({ all: true, filters: withLabels(values) });
}

/** Process ids of a run's own programs on this machine: the run and its watchdog. */
function programsOf(run: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      readlinkSync(`/proc/${pid}/exe`);
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(run);
    } catch {
      return false;
    }
  });
}

async function expectNothingLeft(run: string, spaces: ReadonlySet<number>): Promise<void> {
  const left = async () => ({
    containers: (await containers({ [label.run]: run })).length,
    namespaces: (await standingOf(spaces, (labels) => labels[label.run] === run)).length,
    programs: programsOf(run).length,
    files: runsWithFiles(root).filter((id) => id === run).length,
  });
  const nothing = { containers: 0, namespaces: 0, programs: 0, files: 0 };
  await expect.poll(left, watchdogsPatience).toEqual(nothing);
}

async function expectLiveRunUntouched(): Promise<void> {
  const standing = await containers({ [label.lab]: lab.id });
  expect(standing.filter(({ State }) => State === 'running')).toHaveLength(members);
  const ping = await lab.node('server').exec(['ping', '-c', '1', '-w', '20', '198.18.1.10'], { signal });
  expect(ping.exitCode).toBe(0);
}

/** When to kill: resolves at that moment of the run's life. */
const moments: Record<string, (run: Doomed) => Promise<void>> = {
  'while nodes are built': (run) => engineEvent(run.id, 'create'),
  'after they started': (run) => run.says('wiring'),
  'while they are wired': (run) => engineEvent(run.id, 'exec_start'),
  'when the lab is up': (run) => run.says('up'),
  'while it goes down': async (run) => {
    await run.says('up');
    const dying = engineEvent(run.id, 'die');
    run.tell('down');
    await dying;
  },
};

test.each(Object.keys(moments))('kill -9 %s leaves no container, namespace or process', async (moment) => {
  const run = await doomedRun('drop');
  await moments[moment]?.(run);
  const spaces = await namespacesOf(await containers({ [label.run]: run.id }));
  await run.kill();
  await expectNothingLeft(run.id, spaces);
  await expectLiveRunUntouched();
});

test('a kept lab outlives its killed run and every reaping, until it is taken down by command', async () => {
  const run = await doomedRun('keep');
  await run.says('up');
  await run.kill();
  await expect.poll(() => runsWithFiles(root).includes(run.id), watchdogsPatience).toBe(false);
  await reapDeadRuns(root);
  const [kept, ...others] = await keptLabs(root);
  expect(others).toEqual([]);
  expect(kept?.nodes.filter(({ running }) => running)).toHaveLength(members);
  expect((await listLabs(root)).map(({ state }) => state).sort()).toEqual(['kept', 'running']);
  await expect(findNode(root, 'server')).rejects.toThrow(/2 labs have one.*\w+\/server, \w+\/server/);
  expect((await findNode(root, `${kept?.id}/server`)).container).toBe(`crossnat-${kept?.id}-server`);
  expect((await removeKeptLabs(root)).map(({ id }) => id)).toEqual([kept?.id]);
  expect(await containers({ [label.run]: run.id })).toEqual([]);
  await expectLiveRunUntouched();
});

test('a lab that was to be kept but was never finished goes with its run', async () => {
  const run = await doomedRun('keep', 'wiring');
  await run.says('wiring');
  const spaces = await namespacesOf(await containers({ [label.run]: run.id }));
  await run.kill();
  await expectNothingLeft(run.id, spaces);
});

test('where the watchdog was killed too, the next start cleans up', async () => {
  const run = await doomedRun('drop');
  await run.says('up');
  for (const pid of programsOf(run.id)) process.kill(pid, 'SIGKILL');
  await run.kill();
  expect(await containers({ [label.run]: run.id })).toHaveLength(members);
  const next = await beginRun(root);
  expect(await containers({ [label.run]: run.id })).toEqual([]);
  expect(existsSync(lockFile(root, run.id))).toBe(false);
  await endRun(next);
  await expectLiveRunUntouched();
});

test('a run that ends by itself takes its lab, files and watchdog with it', async () => {
  const run = await doomedRun('drop');
  await run.says('up');
  const spaces = await namespacesOf(await containers({ [label.run]: run.id }));
  run.tell('end');
  await expectNothingLeft(run.id, spaces);
});

test('nodes are found by name, and a name that is none gets the nearest', async () => {
  expect((await findNode(root, 'gw')).container).toBe(lab.node('gw').container);
  await expect(findNode(root, 'servre')).rejects.toThrow(/Did you mean server\?/);
  await expect(findNode(tmpdir(), 'gw')).rejects.toThrow(/no lab is up.*--keep/);
});
