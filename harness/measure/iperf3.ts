import { z } from 'zod';
import type { ExecResult, LabNode, NodeProcess } from '../fabric/fabric.ts';
import { unreadable } from './tool-output.ts';

export interface Iperf3Plan {
  readonly server: string;
  readonly port: number;
  /** Binds the client to this address and interface. */
  readonly clientAddress: string;
  readonly device: string;
  readonly direction: 'up' | 'down';
  /** So many octets, or so many seconds. */
  readonly amount: { readonly bytes: number } | { readonly seconds: number };
}

/**
 * The client's command. With an amount of octets the socket buffer is kept small: iperf3 stops when all
 * is handed to the socket, so that what is still in the buffer then would never be counted as arrived.
 */
export function iperf3Command({
  server,
  port,
  clientAddress,
  device,
  direction,
  amount,
}: Iperf3Plan): string[] {
  const size =
    'bytes' in amount ? ['-n', String(amount.bytes), '-w', '256K'] : ['-t', String(amount.seconds)];
  // iperf3 takes --rcv-timeout only from a client that receives.
  const reverse = direction === 'down' ? ['-R', '--rcv-timeout', '5000'] : [];
  const binding = ['-B', `${clientAddress}%${device}`];
  const patience = ['--connect-timeout', '3000', '--snd-timeout', '5000'];
  return ['iperf3', '-c', server, '-p', String(port), ...binding, ...size, ...reverse, ...patience, '-J'];
}

export type Iperf3Result =
  | { readonly ok: true; readonly bytes: number; readonly mbps: number }
  | { readonly ok: false; readonly failure: string };

const outputSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ end: z.object({ sum_received: z.object({ bytes: z.number(), bits_per_second: z.number() }) }) }),
]);

/** Reads the JSON of an iperf3 client: what arrived, and at what rate. Its exit code says nothing (0 with an error). */
export function iperf3Result({ stdout, stderr }: Pick<ExecResult, 'stdout' | 'stderr'>): Iperf3Result {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    throw unreadable('iperf3', 'no JSON', stdout || stderr);
  }
  const output = outputSchema.safeParse(json);
  if (!output.success) throw unreadable('iperf3', z.prettifyError(output.error), stdout);
  if ('error' in output.data) return { ok: false, failure: `iperf3: ${output.data.error}` };
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
