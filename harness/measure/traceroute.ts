import type { ExecResult } from '../fabric/fabric.ts';
import { unreadable } from './tool-output.ts';

/** ICMP echo requests with growing TTL, all at once, one for each of up to 5 hops, bound to the interface where one is named. */
export function tracerouteCommand(address: string, device: string | undefined): string[] {
  const binding = device === undefined ? [] : ['-i', device];
  return ['traceroute', '-n', '-I', '-q', '1', '-w', '2', '-m', '5', ...binding, address];
}

export interface TracerouteResult {
  /** Hop addresses in order, `*` for silence. */
  readonly hops: readonly string[];
  readonly failure?: string;
}

/** Reads what `traceroute` printed. */
export function tracerouteResult({ exitCode, stdout, stderr }: ExecResult): TracerouteResult {
  if (exitCode !== 0) return { hops: [], failure: `traceroute: ${stderr.trim()}` };
  const [head = '', ...lines] = stdout.trimEnd().split('\n');
  if (!head.startsWith('traceroute to ')) throw unreadable('traceroute', 'line 1', head);
  const hops = lines.map((line, index) => {
    const hop = /^ *\d+ +(\*|\d+\.\d+\.\d+\.\d+)\b|^ *\d+ +(\*)/.exec(line);
    const address = hop?.[1] ?? hop?.[2];
    if (address === undefined) throw unreadable('traceroute', `line ${index + 2}`, line);
    return address;
  });
  return { hops };
}
