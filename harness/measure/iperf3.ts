import { z } from 'zod';
import type { ExecResult, LabNode, NodeProcess } from '../fabric/fabric.ts';
import { unreadable } from './tool-output.ts';

export interface Iperf3Plan {
  readonly server: string;
  /** Binds the client to this address and interface; without an interface to neither. */
  readonly clientAddress: string;
  readonly device?: string;
  /** So many octets, or so many seconds. */
  readonly amount: { readonly bytes: number } | { readonly seconds: number };
}

export const iperf3Ports = { up: 5201, down: 5202 } as const;
export type Direction = keyof typeof iperf3Ports;

/** Between the outputs of the two runs. */
const separator = '---- turn round ----';

/**
 * The command for both clients, up and then down: one call of the fabric, since each costs as much as a
 * megabyte. With an amount of octets the socket buffer is kept at an eighth of it: iperf3 stops when all is handed to
 * the socket, and what is still in the buffer then (Linux doubles what is asked for) is never counted as arrived.
 */
export function iperf3Command({ server, clientAddress, device, amount }: Iperf3Plan): string[] {
  const size =
    'bytes' in amount
      ? ['-n', String(amount.bytes), '-w', String(Math.floor(amount.bytes / 8)), '-l', '16K']
      : ['-t', String(amount.seconds)];
  const binding = device === undefined ? [] : ['-B', `${clientAddress}%${device}`];
  const patience = ['--connect-timeout', '3000', '--snd-timeout', '5000'];
  const client = (port: number) =>
    ['iperf3', '-J', '-c', server, '-p', port, ...binding, ...size, ...patience].join(' ');
  const up = client(iperf3Ports.up);
  // iperf3 takes --rcv-timeout only from a client that receives.
  const down = `${client(iperf3Ports.down)} -R --rcv-timeout 5000`;
  // Nothing in it has a blank or any other meaning to a shell: addresses, numbers and interface names.
  return ['sh', '-c', `${up}; echo '${separator}'; ${down}`];
}

export type Iperf3Result =
  | { readonly ok: true; readonly bytes: number; readonly mbps: number }
  | { readonly ok: false; readonly failure: string };

const outputSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ end: z.object({ sum_received: z.object({ bytes: z.number(), bits_per_second: z.number() }) }) }),
]);

/** Reads what that command printed. Its exit code says nothing: it is 0 with an error, too. */
export function iperf3Results({
  stdout,
  stderr,
}: Pick<ExecResult, 'stdout' | 'stderr'>): Record<Direction, Iperf3Result> {
  const [up = '', down = ''] = stdout.split(`${separator}\n`);
  return { up: iperf3Result('up', up, stderr), down: iperf3Result('down', down, stderr) };
}

/** Reads the JSON of one client: what arrived, and at what rate. */
function iperf3Result(direction: Direction, text: string, stderr: string): Iperf3Result {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable('iperf3', `${direction}: no JSON`, text || stderr);
  }
  const output = outputSchema.safeParse(json);
  if (!output.success) throw unreadable('iperf3', `${direction}: ${z.prettifyError(output.error)}`, text);
  if ('error' in output.data) return { ok: false, failure: `${direction}: iperf3: ${output.data.error}` };
  const { bytes, bits_per_second } = output.data.end.sum_received;
  return { ok: true, bytes, mbps: bits_per_second / 1e6 };
}

/** Starts a server for exactly one test; resolves when it listens. */
export async function startIperf3Server(
  node: LabNode,
  port: number,
  signal: AbortSignal,
): Promise<NodeProcess> {
  const server = await node.spawn(['iperf3', '-s', '-1', '-p', String(port), '--forceflush'], signal);
  let words = '';
  const listening = new Promise<boolean>((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        words += chunk.toString();
        if (words.includes(`Server listening on ${port}`)) resolve(true);
      });
    }
  });
  if (await Promise.race([listening, server.exit.then(() => false)])) return server;
  throw unreadable('iperf3', `the server on ${node.name} ended before it listened on ${port}`, words);
}
