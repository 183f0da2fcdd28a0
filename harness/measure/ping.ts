import type { ExecResult } from '../fabric/fabric.ts';
import { median, unreadable } from './tool-output.ts';

export interface PingResult {
  readonly sent: number;
  readonly received: number;
  readonly medianMs?: number;
  /** What ping said when it could not even send. */
  readonly failure?: string;
}

export interface PingPlan {
  readonly address: string;
  /** Binds to this interface, so that no other way than the tunnel can answer. */
  readonly device?: string;
  readonly count: number;
}

/** The command for `ping` of iputils: 100 requests a second, answers waited for up to 2 s. */
export function pingCommand({ address, device, count }: PingPlan): string[] {
  const binding = device === undefined ? [] : ['-I', device];
  return ['ping', '-n', ...binding, '-c', String(count), '-i', '0.01', '-W', '2', address];
}

/** Reads what iputils' ping printed. Loss is a result; output without a summary is a failure if ping says why. */
export function pingResult({ exitCode, stdout, stderr }: ExecResult): PingResult {
  // iputils: 0 all well, 1 nothing came back, 2 any other error.
  if (exitCode > 1) return { sent: 0, received: 0, failure: `ping: ${stderr.trim()}` };
  const summary = /^(\d+) packets transmitted, (\d+) received/m.exec(stdout);
  if (!summary) throw unreadable('ping', 'no summary line', stdout);
  const times = [...stdout.matchAll(/ time=([\d.]+) ms$/gm)].map((match) => Number(match[1]));
  const medianMs = median(times);
  const counts = { sent: Number(summary[1]), received: Number(summary[2]) };
  return medianMs === undefined ? counts : { ...counts, medianMs };
}
