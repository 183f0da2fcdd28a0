import { createInterface } from 'node:readline';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { CrossnatError } from '../../error.ts';
import type { ExecResult, LabNode, NodeProcess } from '../../fabric/fabric.ts';
import { type ControlMessage, readMessage, requestLine } from './control-message.ts';
import { type Kernel, runScript } from './kernel.ts';
import { PacedWriter } from './paced-writer.ts';
import { deviceArguments, networkScript, type Place, takeOverScript } from './place.ts';

/**
 * Less than 128 MB and the kernel's crypto self-tests do not run in every boot (10 of 24 with 64 MB), and
 * hmac(sha1) cannot be used then. The benchmark of RAID 6 costs a second.
 */
const kernelArguments = [
  'mem=128M',
  'root=/dev/root',
  'rootfstype=hostfs',
  'rootflags=/',
  'rw',
  'init=/usr/lib/crossnat/init',
  'quiet',
  'initcall_blacklist=raid6_select_algo',
  // The kernel's own words go to standard error; the first serial line is this program's input and output.
  'con=null',
  'con0=null,fd:2',
  'ssl=null',
  'ssl0=fd:0,fd:1',
];

/** A kernel that does not switch itself off in this time is killed. */
const patienceMs = 2000;

/**
 * A kernel that goes idle as something comes in can sleep on it until more comes (seen with 6.1 at a load of 30: octets
 * unread on its line for 40 s). So something comes every second, of which nobody inside takes notice.
 */
const nudgeMs = 1000;

/** What it last said is enough to know why it died. */
const consoleLines = 40;

interface Job {
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  readonly ended: (code: number) => void;
}

/**
 * A user-mode-linux in a node: the node's container is its root, its interfaces have become the kernel's.
 * Programs run inside; what the node itself runs from now on has no network.
 */
export class OwnKernel implements Kernel {
  readonly name: string;
  readonly container: string;
  readonly #node: LabNode;
  readonly #process: NodeProcess;
  readonly #line: PacedWriter;
  readonly #jobs = new Map<string, Job>();
  readonly #console: string[] = [];
  readonly #ready = Promise.withResolvers<void>();
  #nudging: NodeJS.Timeout | undefined;
  #started = 0;
  #ended = false;

  private constructor(node: LabNode, process: NodeProcess) {
    this.name = node.name;
    this.container = node.container;
    this.#node = node;
    this.#process = process;
    this.#line = new PacedWriter(process.stdin);
    // A kernel that dies is noticed by its end; what was still to be written to it no longer matters.
    process.stdin.on('error', () => {});
    createInterface({ input: process.stdout }).on('line', (line) => this.#take(line));
    createInterface({ input: process.stderr }).on('line', (line) => this.#say(line));
    process.exit.then(
      (code) => this.#end(`the kernel ended with exit code ${code}`),
      (error: unknown) => this.#end(String(error)),
    );
  }

  /** Boots a kernel and gives it the node's place in the network. @throws CrossnatError with its last words. */
  static async boot(node: LabNode, place: Place, signal: AbortSignal): Promise<OwnKernel> {
    const command = ['linux.uml', ...kernelArguments, ...deviceArguments(place)].join(' ');
    // It outlives this call: it ends by stop(), or with its container.
    const process = await node.spawn(
      ['sh', '-ec', `${takeOverScript(place)}\nexec ${command}`],
      new AbortController().signal,
    );
    const kernel = new OwnKernel(node, process);
    try {
      await untilAborted(kernel.#ready.promise, signal);
      await kernel.script(networkScript(place), 'giving the kernel its place in the network', signal);
      return kernel;
    } catch (error) {
      await kernel.stop();
      throw error;
    }
  }

  async exec(argv: readonly string[], options: { signal: AbortSignal; input?: string }): Promise<ExecResult> {
    const process = await this.spawn(argv, options.signal);
    process.stdin.end(options.input ?? '');
    const [exitCode, stdout, stderr] = await Promise.all([
      process.exit,
      text(process.stdout),
      text(process.stderr),
    ]);
    options.signal.throwIfAborted();
    return { exitCode, stdout, stderr };
  }

  script(script: string, doing: string, signal: AbortSignal): Promise<string> {
    return runScript(this, script, doing, signal);
  }

  async spawn(argv: readonly string[], signal: AbortSignal): Promise<NodeProcess> {
    signal.throwIfAborted();
    if (this.#ended) throw this.broken(`starting ${argv[0]}`, this.#lastWords());
    this.#started += 1;
    const id = String(this.#started);
    const { promise: exit, resolve: ended } = Promise.withResolvers<number>();
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    this.#jobs.set(id, { stdout, stderr, ended });
    this.#line.write(requestLine('run', id, argv));
    const kill = async () => {
      if (this.#jobs.has(id)) this.#line.write(requestLine('kill', id, []));
      await exit;
    };
    const onAbort = () => void kill();
    signal.addEventListener('abort', onAbort, { once: true });
    exit.finally(() => signal.removeEventListener('abort', onAbort));
    return { stdin: this.#inputOf(id), stdout, stderr, exit, kill };
  }

  copyIn(from: string, to: string, accept: (relativePath: string) => boolean): Promise<void> {
    return this.#node.copyIn(from, to, accept);
  }

  /** What the kernel last said on its console. */
  async logs(): Promise<string> {
    return this.#console.join('\n');
  }

  /** Ends the kernel and everything in it: it switches itself off when its serial line hangs up. */
  async stop(): Promise<void> {
    clearInterval(this.#nudging);
    this.#process.stdin.end();
    const off = this.#process.exit.then(() => true);
    if (await Promise.race([off, delay(patienceMs, false, { ref: false })])) return;
    await this.#process.kill();
  }

  broken(doing: string, found: string): CrossnatError {
    return new CrossnatError('broken', {
      doing: `${doing} in node ${this.name}`,
      found: this.#ended && !found.includes('the kernel ended') ? `${found}; ${this.#lastWords()}` : found,
      remedy: 'The log of this peer is beside the record',
    });
  }

  #inputOf(id: string): Writable {
    const send = (verb: 'input' | 'close', words: readonly Buffer[]) => {
      if (this.#jobs.has(id)) this.#line.write(requestLine(verb, id, words));
    };
    return new Writable({
      write: (chunk: Buffer, _, done) => {
        send('input', [chunk]);
        done();
      },
      final: (done) => {
        send('close', []);
        done();
      },
    });
  }

  #take(line: string): void {
    const message = readMessage(line);
    if (message) this.#heed(message);
    else this.#say(line);
  }

  #heed(message: ControlMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#nudging = setInterval(() => this.#line.write(requestLine('nudge', '0', [])), nudgeMs).unref();
        return this.#ready.resolve();
      case 'took':
        return this.#line.took(message.octets);
      case 'output':
        this.#jobs.get(message.job)?.stdout.write(message.data);
        return;
      case 'error':
        this.#jobs.get(message.job)?.stderr.write(message.data);
        return;
      case 'exit':
        return this.#finish(message.job, message.code);
    }
  }

  #finish(id: string, code: number): void {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    job?.stdout.end();
    job?.stderr.end();
    job?.ended(code);
  }

  #say(line: string): void {
    this.#console.push(line);
    if (this.#console.length > consoleLines) this.#console.shift();
  }

  #end(why: string): void {
    clearInterval(this.#nudging);
    this.#ended = true;
    this.#say(why);
    // As of programs that a signal killed (128 + SIGKILL).
    for (const id of [...this.#jobs.keys()]) this.#finish(id, 137);
    this.#ready.reject(bootFailure(this.name, this.#lastWords()));
    this.#ready.promise.catch(() => {});
  }

  #lastWords(): string {
    return this.#console.slice(-3).join(' | ');
  }
}

/** Why no kernel came up: the image is another one, the engine does not allow it, or it is our mistake. */
export function bootFailure(node: string, words: string): CrossnatError {
  const doing = `booting a kernel in node ${node}`;
  if (/linux\.uml: not found/.test(words)) {
    return new CrossnatError('broken', {
      doing,
      found: 'its image has no user-mode-linux',
      remedy: 'Give the node an image that stands on "uml"',
    });
  }
  const refused = /ptrace|noexec|PROT_EXEC|not permitted|Permission denied|No space left/i.test(words);
  return new CrossnatError(refused ? 'unavailable' : 'broken', {
    doing,
    found: words,
    remedy:
      'It has to trace its own children (ptrace), to execute from /dev/shm and to open raw sockets; ' +
      "CROSSNAT_KERNEL=host takes the host's kernel in its place",
  });
}

/** Settles as the promise does, or with the signal's reason when that comes first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
