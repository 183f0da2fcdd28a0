import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import { CrossnatError } from '../../error.ts';
import type { Capture, CaptureResult, NodeProcess } from '../fabric.ts';
import { accountOf, isDrained, lostPackets } from './capture-account.ts';
import { startProcess } from './process.ts';

/**
 * Octets kept of a frame: more than any frame that our segments carry while evidence is recorded (MTU 1500,
 * offloads off). In immediate mode the kernel's ring has slots of this size: with tcpdump's default, 256 KiB,
 * a ring of 32 MiB would hold no more than 128 packets.
 */
const snapLength = 2048;

/** Each round asks every capture for its account and waits for the answers; far more than a burst needs. */
const drainRounds = 200;

/**
 * Captures each segment's bridge until standard input ends, also when that is because we died; a line on
 * it asks every capture for its account.
 * Packets are handed over at once (`--immediate-mode`: blocks that are still filling are lost at the end)
 * and written at once (`-U`). Every line on standard output begins with its segment.
 */
function captureScript(directory: string, segments: readonly string[]): string {
  return [
    `mkdir -p ${directory}`,
    `cd ${directory}`,
    'captures=',
    `for segment in ${segments.join(' ')}; do`,
    '  mkfifo $segment.said',
    '  sed -u "s/^/$segment: /" <$segment.said &',
    `  tcpdump -i $segment --immediate-mode -U -n -s ${snapLength} -B 32768 -Z root -w $segment.pcap 2>$segment.said &`,
    '  captures="$captures $!"',
    'done',
    'while read -r asked; do kill -USR1 $captures; done',
    'kill -INT $captures',
    'wait',
  ].join('\n');
}

/** Starts capturing in the wire container; resolves when every segment listens. */
export async function startCapture(
  wire: Docker.Container,
  segments: readonly string[],
  number: number,
  directory: string,
  signal: AbortSignal,
): Promise<Capture> {
  const inside = `/capture/${number}`;
  // Its life is ended by its input, never by the signal: an interrupted cell still has its evidence read.
  const script = ['sh', '-euc', captureScript(inside, segments)];
  const process = await startProcess(wire, 'wire', script, new AbortController().signal);
  process.stderr.resume();
  const words = new CaptureWords(process);
  await listening(words, process, segments, signal);
  let result: Promise<CaptureResult> | undefined;
  const stop = async (): Promise<CaptureResult> => {
    const wereDrained = await drain(words, process, segments);
    process.stdin.end();
    await process.exit;
    const lost = lostPackets(words.said, segments, wereDrained);
    if (lost === undefined) throw captureFailure(words.said);
    const files = await copyOut(wire, inside, directory);
    return { files, droppedByCapture: lost };
  };
  return {
    stop: () => {
      result ??= stop();
      return result;
    },
  };
}

/** What the captures say, line by line, and waiting for it. */
class CaptureWords {
  readonly said: string[] = [];
  #waiting: { readonly enough: () => boolean; readonly resolve: () => void }[] = [];
  readonly #ended: Promise<never>;

  constructor(process: NodeProcess) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#ended = promise;
    promise.catch(() => {});
    createInterface({ input: process.stdout })
      .on('line', (line) => {
        this.said.push(line);
        for (const { enough, resolve } of this.#waiting) if (enough()) resolve();
        this.#waiting = this.#waiting.filter(({ enough }) => !enough());
      })
      .once('close', () => reject(captureFailure(this.said)));
  }

  /** Resolves when `enough` holds after some line; rejects when the captures end before. */
  until(enough: () => boolean): Promise<void> {
    if (enough()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ enough, resolve });
    return Promise.race([promise, this.#ended]);
  }
}

async function listening(
  words: CaptureWords,
  process: NodeProcess,
  segments: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const heard = (segment: string) =>
    words.said.some((line) => line.startsWith(`${segment}: `) && line.includes('listening on'));
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    process.stdin.end();
    reject(captureFailure(words.said, signal.reason));
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([words.until(() => segments.every(heard)), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Waits until every capture has written what it received: tcpdump ends at once when it is told to, and
 * would leave behind what waits in its buffer. False where one of them does not come to that.
 */
async function drain(
  words: CaptureWords,
  process: NodeProcess,
  segments: readonly string[],
): Promise<boolean> {
  for (let round = 0; round < drainRounds; round++) {
    const asked = words.said.length;
    const answers = () => segments.map((segment) => accountOf(words.said.slice(asked), segment));
    process.stdin.write('account\n');
    await words.until(() => answers().every((account) => account !== undefined));
    if (answers().every((account) => account !== undefined && isDrained(account))) return true;
  }
  return false;
}

async function copyOut(
  wire: Docker.Container,
  inside: string,
  directory: string,
): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true });
  const files: Record<string, string> = {};
  const entries = extract();
  const archive = await wire.getArchive({ path: inside });
  const fed = pipeline(Readable.from(archive), entries);
  for await (const entry of entries) {
    const name = basename(entry.header.name);
    if (name.endsWith('.pcap')) {
      const file = join(directory, name);
      await pipeline(Readable.from(entry), createWriteStream(file));
      files[name.slice(0, -'.pcap'.length)] = file;
    } else entry.resume();
  }
  await fed;
  return files;
}

function captureFailure(said: readonly string[], cause?: unknown): CrossnatError {
  return new CrossnatError('broken', {
    doing: 'capturing the segments',
    found: said.length === 0 ? 'tcpdump said nothing' : said.slice(-5).join('; '),
    remedy: 'Type "npm run doctor": the wire container needs NET_RAW and room for its files',
    cause,
  });
}
