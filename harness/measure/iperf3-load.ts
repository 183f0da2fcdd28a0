import { z } from 'zod';
import type { LoadAccount } from './rekey-account.ts';
import { unreadable } from './tool-output.ts';

export interface Iperf3Load {
  readonly server: string;
  readonly port: number;
  readonly clientAddress: string;
  readonly device: string;
  readonly seconds: number;
  /** Of each direction; absent: as fast as it goes. */
  readonly mbps?: number;
}

/** Of each report, in seconds: a stall is told in these. */
const interval = 0.2;

/** One TCP connection each way, both at once. A direction that carries nothing for so long is lost. */
export function iperf3LoadCommand({
  server,
  port,
  clientAddress,
  device,
  seconds,
  mbps,
}: Iperf3Load): string[] {
  return [
    ...['iperf3', '-J', '-c', server, '-p', String(port), '-B', `${clientAddress}%${device}`],
    ...['--bidir', '-t', String(seconds), '-i', String(interval), '-w', '256K'],
    ...['--connect-timeout', '3000', '--snd-timeout', '8000', '--rcv-timeout', '8000'],
    ...(mbps === undefined ? [] : ['-b', `${mbps}M`]),
  ];
}

const rate = z.object({ seconds: z.number(), bytes: z.number() });
const received = z.object({ bits_per_second: z.number() });
const outputSchema = z.object({
  intervals: z.array(z.object({ sum: rate, sum_bidir_reverse: rate })),
  end: z.object({
    sum_sent: z.object({ seconds: z.number(), retransmits: z.number() }),
    sum_received: received,
    sum_sent_bidir_reverse: z.object({ retransmits: z.number().optional() }),
    sum_received_bidir_reverse: received,
  }),
});
const failureSchema = z.object({ error: z.string() });

/** Reads what that command printed. */
export function iperf3LoadAccount(text: string): LoadAccount {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable('iperf3', 'no JSON', text);
  }
  const failure = failureSchema.safeParse(json);
  if (failure.success) return { survived: false, why: failure.data.error };
  const output = outputSchema.safeParse(json);
  if (!output.success) throw unreadable('iperf3', z.prettifyError(output.error), text);
  const { end, intervals } = output.data;
  return {
    survived: true,
    seconds: end.sum_sent.seconds,
    upMbps: end.sum_received.bits_per_second / 1e6,
    downMbps: end.sum_received_bidir_reverse.bits_per_second / 1e6,
    retransmits: end.sum_sent.retransmits + (end.sum_sent_bidir_reverse.retransmits ?? 0),
    longestStall: Math.max(
      longestStall(intervals.map(({ sum }) => sum)),
      longestStall(intervals.map((each) => each.sum_bidir_reverse)),
    ),
  };
}

function longestStall(reports: readonly z.output<typeof rate>[]): number {
  let longest = 0;
  let current = 0;
  for (const { bytes, seconds } of reports) {
    current = bytes === 0 ? current + seconds : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
