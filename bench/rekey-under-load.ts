import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cellId, parseCellId } from '../harness/cell.ts';
import { cellSettings } from '../harness/cell-settings.ts';
import { projectRoot } from '../harness/cli/vitest.ts';
import { dockerFabric } from '../harness/fabric/docker/docker-fabric.ts';
import { startIperf3Server } from '../harness/measure/iperf3.ts';
import { iperf3LoadAccount, iperf3LoadCommand } from '../harness/measure/iperf3-load.ts';
import {
  type EndAccount,
  endAccount,
  type LoadAccount,
  objections,
  type WireAccount,
  wireAccount,
} from '../harness/measure/rekey-account.ts';
import type { Lifetimes, Peer } from '../harness/peers/peer.ts';
import { peers } from '../harness/peers/registry.ts';
import { type AgentLine, decodeLine } from '../harness/peers/ts/agent/protocol.ts';
import { beginRun, endRun } from '../harness/reaper/run.ts';
import { StandingLab } from '../harness/runner/standing-lab.ts';
import { addressOf } from '../harness/subnet.ts';
import { loadTopology } from '../harness/topologies.ts';
import type { Fact } from '../stack/fact.ts';

/**
 * Rekey under load: a tunnel in containers carries TCP both ways while its SAs, which live some seconds, are replaced
 * again and again. Ends with 0 when the transfer lived through at least five rekeys of both phases, else with 1 and why.
 * With `--replaced-by nobody` it has to end with 1: the SAs end and nothing replaces them.
 *
 *     node bench/rekey-under-load.ts [CELL] [--replaced-by client|responder|nobody] [--seconds N] [--mbps N]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'replaced-by': { type: 'string', default: 'client' },
    seconds: { type: 'string', default: '60' },
    mbps: { type: 'string' },
  },
});
const played = parseCellId(positionals[0] ?? 'hotel-nat/client=ts:plain/responder=ts:plain');
const replacedBy = (['client', 'responder', 'nobody'] as const).find((one) => one === values['replaced-by']);
if (replacedBy === undefined) throw new Error('--replaced-by takes client, responder or nobody');
/**
 * With these, rekeys of the two phases come at every 9 and 7 seconds, and within a minute never at once: strongSwan as
 * initiator loses the pair of a quick mode that is under way when it begins a new main mode (docs/interop-notes.md).
 */
const lifetimes: Lifetimes = { phase1Seconds: 13, phase2Seconds: 11, marginSeconds: 4, replacedBy };
const seconds = Number(values.seconds);
const port = 5201;

interface Account {
  readonly ends: Readonly<Record<string, EndAccount>>;
  readonly wire: WireAccount;
  readonly load: LoadAccount;
  readonly versions: string;
  /** Directory of the logs and captures. */
  readonly evidence: string;
  readonly captures: readonly string[];
}

async function run(): Promise<Account> {
  const topology = loadTopology(played.topology);
  const [client, responder] = [played.client, played.responder].map((one) =>
    peers.get(one.split(':')[0] ?? ''),
  );
  if (!client || !responder) throw new Error(`${cellId(played)} names a peer that there is not`);
  const { signal } = new AbortController();
  const reaped = await beginRun(projectRoot);
  try {
    const fabric = dockerFabric(reaped, console.log);
    const lab = await StandingLab.up({ fabric }, topology, { client, responder }, false, signal);
    try {
      return await carry(lab);
    } finally {
      await lab.down();
    }
  } finally {
    await endRun(reaped);
  }
}

async function carry(standing: StandingLab): Promise<Account> {
  const { lab, responder, nodes } = standing;
  const [client] = standing.clients;
  const [clientNode] = nodes.clients;
  if (!client || !clientNode) throw new Error(`${lab.topology.name} has no place for a client`);
  const signal = AbortSignal.timeout((seconds + 120) * 1000);
  const evidence = mkdtempSync(join(tmpdir(), 'crossnat-rekey-'));
  const settings = { ...cellSettings(played, lab.topology, 'rekey-under-load', 0), lifetimes };
  await lab.resetBoxes(played.nat, played.clients, signal);
  const capture = await lab.startCapture(evidence, signal);
  await responder.configure(played, settings, signal);
  await client.configure(played, settings, signal);
  await client.connect(signal, (stage) => console.log(`  ${stage}`));
  const { innerAddress } = await client.status(signal, 0);
  if (innerAddress === undefined) throw new Error('the client did not connect');
  const load = await transfer(standing, client, clientNode, innerAddress, signal);
  const ends = Object.fromEntries([
    ...(await ownEnd('client', client)),
    ...(await ownEnd('responder', responder)),
  ]);
  const { files } = await capture.stop();
  writeFileSync(join(evidence, 'client.log'), await client.logs());
  writeFileSync(join(evidence, 'responder.log'), await responder.logs());
  const captures = Object.values(files);
  const wire = wireAccount(captures.map((file) => readFileSync(file)));
  const versions = `client ${client.version}; responder ${responder.version}`;
  return { ends, wire, load, versions, evidence, captures };
}

async function transfer(
  { lab }: StandingLab,
  client: Peer,
  clientNode: string,
  clientAddress: string,
  signal: AbortSignal,
): Promise<LoadAccount> {
  const { server } = lab.topology;
  const [serverInterface = ''] = Object.values(lab.topology.nodes[server]?.interfaces ?? {});
  const listening = await startIperf3Server(lab.node(server), port, signal);
  try {
    const node = client.proofNode ?? lab.node(clientNode);
    const command = iperf3LoadCommand({
      server: addressOf(serverInterface),
      port,
      clientAddress,
      device: client.tunnelInterface,
      seconds,
      ...(values.mbps !== undefined && { mbps: Number(values.mbps) }),
    });
    // A transfer whose control connection is lost does not end by itself.
    const patience = AbortSignal.any([signal, AbortSignal.timeout((seconds + 20) * 1000)]);
    const { stdout, stderr } = await node.exec(command, { signal: patience });
    return iperf3LoadAccount(stdout || stderr);
  } catch (error) {
    if (signal.aborted) throw error;
    return { survived: false, why: error instanceof Error ? error.message : String(error) };
  } finally {
    await listening.kill();
  }
}

/** What an end of our own tells; a foreign one is seen by its peer and on the wire. */
async function ownEnd(name: string, peer: Peer): Promise<[string, EndAccount][]> {
  const lines = (await peer.logs()).split('\n').filter((line) => line.startsWith('{"event"'));
  if (lines.length === 0) return [];
  const facts: Fact[] = lines.flatMap((line) => {
    const event = decodeLine(line) as AgentLine;
    return 'event' in event && event.event === 'fact' ? [event.fact] : [];
  });
  return [[name, endAccount(facts)]];
}

const load = () => (loadavg()[0] ?? 0).toFixed(1);
const before = load();
const account = await run();
const found = objections(account.ends, account.wire, account.load);
// Some gigabytes, of use to nobody when all went well.
if (found.length === 0) for (const capture of account.captures) rmSync(capture);
const lives = `phase 1 ${lifetimes.phase1Seconds} s, phase 2 ${lifetimes.phase2Seconds} s, replaced ${lifetimes.marginSeconds} s before`;
console.log(`
${cellId(played)}: ${lives} by ${replacedBy}
${account.versions}
machine: ${availableParallelism()} processors (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, load ${before} before and ${load()} after
evidence: ${account.evidence}
${JSON.stringify({ load: account.load, wire: account.wire, ends: account.ends }, undefined, 2)}
${found.length === 0 ? 'lived through its rekeys' : found.map((why) => `NOT: ${why}`).join('\n')}`);
process.exit(found.length === 0 ? 0 : 1);
