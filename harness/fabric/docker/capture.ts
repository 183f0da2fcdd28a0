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
import { startProcess } from './process.ts';

/**
 * Captures each segment's bridge until standard input ends, also when that is because we died.
 * Packets are handed over at once (`--immediate-mode`: blocks that are still filling are lost at the end)
 * and written at once (`-U`). Every line on standard output begins with its segment.
 */
export function captureScript(directory: string, segments: readonly string[]): string {
  return [
    `mkdir -p ${directory}`,
    `cd ${directory}`,
    'captures=',
    `for segment in ${segments.join(' ')}; do`,
    '  mkfifo $segment.said',
    '  sed -u "s/^/$segment: /" <$segment.said &',
    '  tcpdump -i $segment --immediate-mode -U -n -s 0 -B 16384 -Z root -w $segment.pcap 2>$segment.said &',
    '  captures="$captures $!"',
    'done',
    'cat >/dev/null',
    'kill -INT $captures',
    'wait',
  ].join('\n');
}

/**
 * Packets that a capture lost, from tcpdump's own account at its end: those that the kernel had no room for,
 * and those that were received but not written. `undefined` when the account of a segment is missing.
 */
export function lostPackets(said: readonly string[], segments: readonly string[]): number | undefined {
  const count = (segment: string, what: string) => {
    const line = said.find((each) => each.startsWith(`${segment}: `) && each.includes(what));
    return line === undefined ? undefined : Number(/: (?:tcpdump: )?(\d+) /.exec(line)?.[1]);
  };
  let lost = 0;
  for (const segment of segments) {
    const captured = count(segment, 'captured');
    const received = count(segment, 'received by filter');
    const dropped = count(segment, 'dropped by kernel');
    if (captured === undefined || received === undefined || dropped === undefined) return undefined;
    lost += Math.max(dropped, received - captured);
  }
  return lost;
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
  const said = await listening(process, segments, signal);
  let result: Promise<CaptureResult> | undefined;
  const stop = async (): Promise<CaptureResult> => {
    process.stdin.end();
    await process.exit;
    const lost = lostPackets(said, segments);
    if (lost === undefined) throw captureFailure(said);
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

/** All that the captures say from now on; resolves when each has said that it listens. */
function listening(
  process: NodeProcess,
  segments: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const said: string[] = [];
  const waiting = new Set(segments);
  return new Promise((resolve, reject) => {
    const abort = () => {
      process.stdin.end();
      reject(captureFailure(said, signal.reason));
    };
    signal.addEventListener('abort', abort, { once: true });
    createInterface({ input: process.stdout })
      .on('line', (line) => {
        said.push(line);
        if (line.includes('listening on')) waiting.delete(line.slice(0, line.indexOf(':')));
        if (waiting.size > 0) return;
        signal.removeEventListener('abort', abort);
        resolve(said);
      })
      .once('close', () => reject(captureFailure(said)));
  });
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
