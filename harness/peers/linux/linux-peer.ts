import { setTimeout as delay } from 'node:timers/promises';
import type { Cell } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import type { PeerObservation } from '../../observation.ts';
import type { CaptureKeys, CellSettings, Peer, PeerContext } from '../peer.ts';
import { CellPrograms } from './cell-programs.ts';
import { kernelSetting } from './choose-kernel.ts';
import { blockClearL2tp, missingBlocks } from './clear-l2tp.ts';
import { writeFiles } from './configuration.ts';
import type { IkeDaemon } from './ike-daemon.ts';
import { emptyIpsec } from './ipsec.ts';
import type { Kernel } from './kernel.ts';
import type { L2tpProgram } from './l2tp-program.ts';
import { observationOf } from './observation.ts';
import { type LogLine, PeerLog } from './peer-log.ts';
import { isDecided, isDone } from './reading.ts';
import { readRemains, remainsScript } from './remains.ts';
import { startKernel } from './start-kernel.ts';
import { packageVersions } from './version.ts';
import { readKernelKeys, readKernelSas } from './xfrm-state.ts';
import { xl2tpd } from './xl2tpd-program.ts';

/** How much later than its tool a daemon may be told to have ended; nobody waits for it once the log has decided. */
const lateDeathMs = 1500;

/** How long the end of a connection may take at either side: pppd waits for answers in whole seconds. */
const endOfConnectionMs = 4000;

/**
 * An IKE daemon with an L2TP program on a kernel of its own, or on the host's. A kernel boots once; each cell has
 * programs of its own, so that nothing but the kernel's modules lasts from one to the next.
 */
export class LinuxPeer implements Peer {
  readonly version: string;
  readonly tunnelInterface = 'ppp0';
  /** Where the tunnel is: inside a kernel of its own, in the node on the host's. */
  readonly proofNode: LabNode;
  readonly #daemon: IkeDaemon;
  readonly #l2tp: L2tpProgram;
  readonly #kernel: Kernel;
  readonly #context: PeerContext;
  readonly #log = new PeerLog();
  readonly #programs: CellPrograms;
  #dialledAt: number | undefined;
  #secrets: readonly string[] = [];

  private constructor(
    daemon: IkeDaemon,
    l2tp: L2tpProgram,
    kernel: Kernel,
    context: PeerContext,
    version: string,
  ) {
    this.#daemon = daemon;
    this.#l2tp = l2tp;
    this.#kernel = kernel;
    this.#programs = new CellPrograms(kernel, this.#log);
    this.#context = context;
    this.version = version;
    this.proofNode = kernel;
  }

  static async start(
    daemon: IkeDaemon,
    node: LabNode,
    context: PeerContext,
    l2tp: L2tpProgram = xl2tpd,
  ): Promise<LinuxPeer> {
    const { signal, topology, nodeName } = context;
    const place = topology.nodes[nodeName];
    if (place === undefined) throw noPlace(context);
    const setting = kernelSetting();
    const programs = await packageVersions(node, [daemon.package, ...l2tp.packages], signal);
    const { kernel, version } = await startKernel(node, place, setting, signal);
    return new LinuxPeer(daemon, l2tp, kernel, context, `${programs} on ${version}`);
  }

  async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    await this.#programs.end();
    this.#log.clear();
    this.#dialledAt = undefined;
    const passwords = settings.callers.map(({ password }) => password);
    this.#secrets = [settings.preSharedKey, settings.clientPreSharedKey, ...passwords];
    const { role, topology, nodeName } = this.#context;
    const plan = { role, cell, settings };
    const files = [...this.#daemon.files(plan), ...this.#l2tp.files({ ...plan, topology, nodeName })];
    const script = [writeFiles(files), this.#l2tp.prepare, this.#routes(settings), emptyIpsec()].join('\n');
    await this.#kernel.script(script, 'writing the settings of a cell', signal);
    await this.#begin(signal);
  }

  async connect(signal: AbortSignal, progress: (stage: string) => void): Promise<void> {
    this.#dialledAt = performance.now();
    const over = new AbortController();
    const inner = AbortSignal.any([signal, over.signal]);
    const told = this.#tell(progress, inner);
    try {
      await this.#programs.orDeath(this.#negotiate(inner));
      if (!isDone(this.#readIke(), 'phase2')) return;
      await this.#dial(signal);
      await this.#programs.orDeath(this.#log.until(this.#l2tp.outcome, inner));
    } finally {
      over.abort();
      await told;
    }
  }

  async expectClient(): Promise<void> {
    this.#log.nextClient();
  }

  /** What a kernel showed before it died is evidence too. */
  async status(signal: AbortSignal, client: number): Promise<PeerObservation> {
    const state = await this.#kernel
      .exec(['ip', '-s', 'xfrm', 'state'], { signal })
      .then(({ stdout }) => stdout)
      .catch(() => {
        signal.throwIfAborted();
        return '';
      });
    const ofClient = () => this.#log.linesOf(client, (line) => this.#namesConnection(line));
    const lines = this.#context.role === 'client' ? this.#log.lines : ofClient();
    return observationOf({
      peer: this.#daemon.peer,
      version: this.version,
      ike: this.#daemon.read(lines),
      l2tp: this.#l2tp.read(lines),
      sas: readKernelSas(state),
      dialledAt: this.#dialledAt,
    });
  }

  async captureKeys(signal: AbortSignal): Promise<CaptureKeys> {
    const { keys } = this.#daemon;
    const { stdout: sas } = await this.#kernel.exec(['ip', 'xfrm', 'state'], { signal });
    const esp = readKernelKeys(sas);
    if (!keys) return { ike: [], esp };
    const { stdout } = await this.#kernel.exec(keys.command, { signal });
    return { ike: keys.read(stdout), esp };
  }

  /** From the inside out, each layer with its own farewell. A responder only watches. */
  async disconnect(signal: AbortSignal): Promise<void> {
    if (this.#context.role === 'responder') return;
    for (const { command, ended } of this.#l2tp.farewell) {
      const { exitCode } = await this.#kernel.exec(command, { signal });
      if (exitCode === 0) await this.#soon(ended, signal);
    }
    await this.#kernel.exec(this.#daemon.terminate, { signal });
  }

  /** A client's programs are missed when it dials and may end when it hangs up; a responder's are missed here. */
  remains(signal: AbortSignal): Promise<readonly string[]> {
    const left = this.#remains(signal);
    return this.#context.role === 'client' ? left : this.#programs.orDeath(left);
  }

  async #remains(signal: AbortSignal): Promise<readonly string[]> {
    const patience = AbortSignal.timeout(endOfConnectionMs);
    const script = remainsScript(this.#daemon.listIkeSas);
    for (;;) {
      const seen = this.#log.lines.length;
      const left = readRemains(await this.#kernel.script(script, 'reading what is left', signal));
      const ending = left.filter((what) => !this.#daemon.halfOpen.test(what));
      if (ending.length === 0 || patience.aborted) return left;
      // Whatever ends says so in a log.
      const more = (lines: readonly LogLine[]) => (lines.length > seen ? true : undefined);
      await this.#log.until(more, AbortSignal.any([signal, patience])).catch(() => signal.throwIfAborted());
    }
  }

  async logs(): Promise<string> {
    const text = [this.#log.text(), await this.#kernel.logs()].join('\n');
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
  }

  stop(): Promise<void> {
    return this.#kernel.stop();
  }

  /** What carries the tunnel must not go into the tunnel once everything else does. */
  #routes({ dial }: CellSettings): string {
    const { role, topology, nodeName } = this.#context;
    const gateway = topology.nodes[nodeName]?.gateway;
    return role === 'client' && gateway !== undefined ? `ip route replace ${dial}/32 via ${gateway}` : '';
  }

  async #begin(signal: AbortSignal): Promise<void> {
    await this.#programs.begin([
      [this.#daemon.program, this.#daemon.command],
      [this.#l2tp.program, this.#l2tp.command],
    ]);
    const says = (pattern: RegExp) => (lines: readonly LogLine[]) =>
      lines.find(({ text }) => pattern.test(text));
    const loaded = async () => {
      await this.#log.until(says(this.#daemon.running), signal);
      await this.#keepL2tpInside(signal);
      await this.#load(signal);
    };
    await this.#programs.orDeath(Promise.all([loaded(), this.#log.until(says(this.#l2tp.running), signal)]));
  }

  /** Once the daemon runs: a pluto of libreswan 5 begins by removing every policy that it finds. */
  async #keepL2tpInside(signal: AbortSignal): Promise<void> {
    const doing = 'keeping L2TP out of the clear';
    const policies = await this.#kernel.script(`${blockClearL2tp()}\nip xfrm policy`, doing, signal);
    const open = missingBlocks(policies);
    if (open.length > 0) throw this.#kernel.broken(doing, open.join('; '));
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { exitCode, stdout, stderr } = await this.#kernel.exec(this.#daemon.load, { signal });
    if (exitCode === 0) return;
    const { program } = this.#daemon;
    const words =
      `${stdout}${stderr}`.trim().split('\n').slice(-2).join(' | ') || this.#programs.lastWords(program);
    throw this.#kernel.broken(`giving ${program} its configuration`, words);
  }

  /** Ends when the daemon's log shows how it comes out, or else when its attempt does. */
  async #negotiate(signal: AbortSignal): Promise<void> {
    const comesOut = () => {
      const reading = this.#readIke();
      return isDecided(reading) || isDone(reading, 'phase2') || undefined;
    };
    const shown = this.#log.until(comesOut, signal);
    const attempt = this.#attempt(signal);
    // Whichever comes second is ended by the signal, and nobody waits for it then.
    for (const each of [shown, attempt]) each.catch(() => {});
    await Promise.race([shown, attempt]);
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    await this.#kernel.exec(this.#daemon.initiate, { signal });
    // A daemon that dies takes its tool along, and is told of later: when the last of its threads has gone.
    await delay(lateDeathMs, undefined, { signal });
  }

  async #dial(signal: AbortSignal): Promise<void> {
    const { program, dial } = this.#l2tp;
    const { exitCode, stderr } = await this.#kernel.exec(dial, { signal });
    if (exitCode !== 0) throw this.#kernel.broken(`telling ${program} to dial`, stderr.trim());
  }

  /** Tells of each stage as the log shows it done, until the signal aborts. */
  async #tell(progress: (stage: string) => void, signal: AbortSignal): Promise<void> {
    const told = new Set<string>();
    const look = () => {
      const stages = [...this.#readIke().stages, ...this.#l2tp.read(this.#log.lines).stages];
      for (const { stage, state } of stages) {
        if (state !== 'done' || told.has(stage)) continue;
        told.add(stage);
        progress(stage);
      }
      return undefined;
    };
    await this.#log.until(look, signal).catch(() => {});
  }

  #namesConnection({ program, text }: LogLine): string | undefined {
    const speaker = program === this.#l2tp.program ? this.#l2tp : this.#daemon;
    const name = speaker.namesConnection?.(text);
    return name === undefined ? undefined : `${program} ${name}`;
  }

  #readIke() {
    return this.#daemon.read(this.#log.lines);
  }

  /** Waits for a line that should come; what is left will show it if it does not. */
  async #soon(pattern: RegExp, signal: AbortSignal): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(endOfConnectionMs)]);
    const look = (lines: readonly LogLine[]) => lines.find(({ text }) => pattern.test(text));
    await this.#log.until(look, patience).catch(() => signal.throwIfAborted());
  }
}

function noPlace({ nodeName, topology }: PeerContext): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `placing a Linux peer in topology ${topology.name}`,
    found: `there is no node ${nodeName}`,
    remedy: 'Add it to the topology file',
  });
}
