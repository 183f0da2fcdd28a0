import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import type { ExecResult, LabNode } from '../fabric.ts';
import { type DockerFabric, dockerFabric } from './docker-fabric.ts';
import { engine } from './engine.ts';
import type { DockerLab } from './lab.ts';
import { label, withLabels } from './labels.ts';
import { smallTopology } from './small-topology.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
let run: Run;
let fabric: DockerFabric;
let lab: DockerLab;

beforeAll(async () => {
  run = await beginRun(root);
  fabric = dockerFabric(run, () => {});
  lab = await newLab();
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

const newLab = (given = fabric) => given.up({ topology: smallTopology, images: {}, keep: false }, signal);

async function containersOf(values: Record<string, string>): Promise<number> {
  return (await engine().listContainers({ all: true, filters: withLabels(values) })).length;
}

const sh = (node: LabNode, script: string): Promise<ExecResult> =>
  node.exec(['bash', '-c', script], { signal });

/** A datagram to a port, with no care for an answer. */
const datagram = (to: string, port: number) => `echo hello >/dev/udp/${to}/${port}`;

/** Captures while something happens, and reads each segment with tcpdump: one line per packet. */
async function captured(
  of: DockerLab,
  during: () => Promise<unknown>,
  filter: string,
): Promise<Record<string, string[]>> {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-capture-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const capture = await of.startCapture(directory, signal);
  await during();
  const { files, droppedByCapture } = await capture.stop();
  expect(droppedByCapture).toBe(0);
  expect(Object.keys(files).sort()).toEqual(Object.keys(of.topology.segments).sort());
  await of.node('server').copyIn(directory, '/captures', () => true);
  const read = Object.keys(files).map(async (segment): Promise<[string, string[]]> => {
    const { stdout } = await sh(of.node('server'), `tcpdump -tnr /captures/${segment}.pcap '${filter}'`);
    return [segment, stdout.split('\n').filter(Boolean)];
  });
  return Object.fromEntries(await Promise.all(read));
}

const counterOf = async (of: DockerLab, rule: string) =>
  (await of.boxCounters('gw', signal)).find((counter) => counter.rule === rule)?.packets;

test('a ping through the NAT box carries its outside address; captures are whole', async () => {
  const pings = 20;
  const seen = await captured(
    lab,
    async () => {
      const ping = await sh(lab.node('server'), `ping -c ${pings} -i 0.01 -W 5 198.18.1.10`);
      expect(ping.exitCode).toBe(0);
    },
    'icmp',
  );
  const requests = (segment: string, from: string) =>
    seen[segment]?.filter((line) => line.startsWith(`IP ${from} > 198.18.1.10: ICMP echo request`)).length;
  const answers = (segment: string, to: string) =>
    seen[segment]?.filter((line) => line.startsWith(`IP 198.18.1.10 > ${to}: ICMP echo reply`)).length;
  // The last answer is in the capture that was stopped right after it.
  expect([requests('office', '192.168.2.10'), answers('office', '192.168.2.10')]).toEqual([pings, pings]);
  expect([requests('inter', '192.168.2.10'), answers('inter', '192.168.2.10')]).toEqual([pings, pings]);
  expect([requests('access', '198.18.1.1'), answers('access', '198.18.1.1')]).toEqual([pings, pings]);
  expect(seen.access?.filter((line) => /192\.168\.|10\.0\./.test(line))).toEqual([]);
});

test('a forward lets its port in and no other; without forwards nothing gets in, and the box says so', async () => {
  const knock = () =>
    sh(lab.node('client'), `${datagram('198.18.1.1', 500)}; ${datagram('198.18.1.1', 4500)}`);
  await lab.resetBoxes('default', 1, signal);
  const open = await captured(lab, knock, 'udp');
  expect(open.inter).toEqual([expect.stringMatching(/^IP 198\.18\.1\.10\.\d+ > 10\.0\.0\.2\.500: /)]);
  expect(await counterOf(lab, 'forward-udp-500')).toBe(1);
  expect(await counterOf(lab, 'drop-to-box')).toBe(1);

  await lab.resetBoxes('closed', 1, signal);
  const closed = await captured(lab, knock, 'udp');
  expect(closed.access).toHaveLength(2);
  expect(closed.inter).toEqual([]);
  expect(await counterOf(lab, 'drop-to-box')).toBe(2);
  await lab.resetBoxes('default', 1, signal);
  expect(await counterOf(lab, 'drop-to-box')).toBe(0);
});

test('an inside address cannot be reached from outside, forward or not', async () => {
  await lab.resetBoxes('default', 1, signal);
  await sh(
    lab.node('client'),
    `ip route replace 10.0.0.0/24 via 198.18.1.1; ${datagram('10.0.0.2', 500)}; ip route del 10.0.0.0/24`,
  );
  expect(await counterOf(lab, 'forwarded')).toBe(0);
  expect(await counterOf(lab, 'drop-unsolicited')).toBe(1);
});

test('ESP stops at the box unless a forward names it', async () => {
  // traceroute sends packets of any protocol; one probe that would reach the second hop.
  const esp = () => sh(lab.node('responder'), 'traceroute -n -P 50 -q 1 -f 2 -m 2 -w 0.2 198.18.1.10');
  await lab.resetBoxes('default', 1, signal);
  const dropped = await captured(lab, esp, 'ip proto 50');
  expect([dropped.inter?.length, dropped.access?.length]).toEqual([1, 0]);
  expect(await counterOf(lab, 'drop-esp')).toBe(1);

  await lab.resetBoxes('esp-passes', 1, signal);
  const passed = await captured(lab, esp, 'ip proto 50');
  expect([passed.inter?.length, passed.access?.length]).toEqual([1, 1]);
  expect(passed.access?.[0]).toMatch(/^IP 198\.18\.1\.1 > 198\.18\.1\.10/);
});

test('two labs with the same addresses do not hear each other', async () => {
  const other = await newLab();
  onTestFinished(() => other.down());
  const ping = (of: DockerLab, size: number) =>
    sh(of.node('server'), `ping -c 3 -i 0.01 -s ${size} 198.18.1.10`);
  const [mine, theirs] = await Promise.all([
    captured(lab, () => ping(lab, 100), 'icmp'),
    captured(other, () => ping(other, 200), 'icmp'),
  ]);
  // The printed length includes ICMP's header of 8 octets (RFC 792).
  for (const [seen, length] of [
    [mine, 108],
    [theirs, 208],
  ] as const) {
    expect(seen.access).toHaveLength(6);
    expect(seen.access?.every((line) => line.endsWith(`length ${length}`))).toBe(true);
  }
});

test('evidence is taken with offloads off; they can be turned on for throughput', async () => {
  const checksums = async () => {
    const { stdout } = await sh(
      lab.node('responder'),
      'ethtool -k inter | grep -E "^(tx-check|tcp-seg|generic-seg)"',
    );
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.split(': ')[1]);
  };
  expect(await checksums()).toEqual(['off', 'off', 'off']);
  await lab.setOffloads('on', signal);
  expect(await checksums()).toEqual(['on', 'on', 'on']);
  await lab.setOffloads('off', signal);
  expect(await checksums()).toEqual(['off', 'off', 'off']);
});

test('programs get input, give output and exit code in whole characters', async () => {
  const node = lab.node('client');
  const input = 'ä€𝄞\n'.repeat(20_000);
  const echoed = await node.exec(['sh', '-c', 'cat; echo warned >&2; exit 3'], { signal, input });
  expect(echoed).toEqual({ exitCode: 3, stdout: input, stderr: 'warned\n' });
  await expect(node.exec(['no-such-program'], { signal })).rejects.toThrow(/no such program/);
});

test('an abort kills a program and what it started, also what left its session', async () => {
  const node = lab.node('client');
  const abort = new AbortController();
  const program = await node.spawn(['sh', '-c', 'setsid sleep 4321 & echo up; sleep 4321'], abort.signal);
  await new Promise((resolve) => program.stdout.once('data', resolve));
  abort.abort();
  await expect(program.exit).resolves.toBe(137);
  const { stdout } = await sh(node, 'pgrep -xf "sleep 4321"');
  expect(stdout).toBe('');
  const ended = node.exec(['sleep', '4321'], { signal: AbortSignal.timeout(300) });
  await expect(ended).rejects.toMatchObject({ code: 'interrupted', found: 'its time was up' });
});

test('directories are copied in, filtered, with their modes', async () => {
  const from = mkdtempSync(join(tmpdir(), 'crossnat-copy-'));
  onTestFinished(() => rmSync(from, { recursive: true }));
  mkdirSync(join(from, 'deep'));
  writeFileSync(join(from, 'deep', 'run.sh'), 'echo it runs', { mode: 0o755 });
  writeFileSync(join(from, 'deep', 'run.test.ts'), '');
  cpSync(join(from, 'deep', 'run.sh'), join(from, 'top.sh'));
  const node = lab.node('client');
  await node.copyIn(from, '/some/where', (path) => !path.endsWith('.test.ts'));
  const { stdout } = await sh(node, 'cd /some/where; find . -type f | sort; deep/run.sh');
  expect(stdout).toBe('./deep/run.sh\n./top.sh\nit runs\n');
});

test('a container that dies gives its last words, and is never entered again', async () => {
  const doomed = await newLab();
  onTestFinished(() => doomed.down());
  const node = doomed.node('client');
  await sh(node, 'echo I was here >/proc/1/fd/2');
  const running = await node.spawn(['sh', '-c', 'echo up; exec sleep 4321'], signal);
  await new Promise((resolve) => running.stdout.once('data', resolve));
  await engine().getContainer(node.container).kill();
  await expect(running.exit).resolves.toBe(137);
  expect(await node.logs()).toContain('I was here');
  const after = { code: 'broken', found: expect.stringMatching(/exit code 137.*I was here/) };
  await expect(node.exec(['true'], { signal })).rejects.toMatchObject(after);
  await expect(doomed.resetBoxes('default', 1, signal)).rejects.toMatchObject(after);
  // Started again it has another process and an empty namespace: the lab's number for it may be anybody's.
  await engine().getContainer(node.container).start();
  await expect(doomed.resetBoxes('default', 1, signal)).rejects.toThrow(
    /client: its container was started anew/,
  );
});

test('whatever goes wrong on the way up leaves nothing standing', async () => {
  const before = await containersOf({ [label.run]: run.id });
  const plan = { topology: smallTopology, images: {}, keep: false };
  await expect(fabric.up({ ...plan, images: { client: 'boxx' } }, signal)).rejects.toThrow(
    /Did you mean box\?/,
  );

  const abort = new AbortController();
  const interruptible = dockerFabric(run, (text) => {
    if (text.startsWith('starting')) setTimeout(() => abort.abort(), 100);
  });
  await expect(interruptible.up(plan, abort.signal)).rejects.toMatchObject({ code: 'interrupted' });

  const taken = { ...smallTopology, nodes: { ...smallTopology.nodes, wire: smallTopology.nodes.server } };
  await expect(fabric.up({ ...plan, topology: taken as typeof smallTopology }, signal)).rejects.toThrow(
    /already in use.*docker rm -f crossnat-\w+-wire/,
  );
  expect(await containersOf({ [label.run]: run.id })).toBe(before);
});

test('a lab that is down is down, however often it is told', async () => {
  const short = await newLab();
  await Promise.all([short.down(), short.down()]);
  expect(await containersOf({ [label.lab]: short.id })).toBe(0);
});
