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

/** Seconds after which what has not been answered is lost. */
const patience = 3;

/**
 * The command for `ping` of iputils: 100 requests a second until `count` are answered. With a deadline (-w) it
 * goes on asking where answers are missing; without one it would end two round trips after the last request,
 * and call lost what a busy machine only delays.
 */
export function pingCommand({ address, device, count }: PingPlan): string[] {
  const binding = device === undefined ? [] : ['-I', device];
  return ['ping', '-n', ...binding, '-c', String(count), '-i', '0.01', '-w', String(patience), address];
}

/**
 * Reads what became of the first `count` requests of that command; those after them are no loss where they are
 * not answered. Loss is a result; output without a summary is a failure if ping says why.
 */
export function pingResult({ exitCode, stdout, stderr }: ExecResult, count: number): PingResult {
  // iputils: 0 all well, 1 fewer answers than asked for, 2 any other error.
  if (exitCode > 1) return { sent: 0, received: 0, failure: `ping: ${stderr.trim()}` };
  const transmitted = /^(\d+) packets transmitted, \d+ received/m.exec(stdout)?.[1];
  if (transmitted === undefined) throw unreadable('ping', 'no summary line', stdout);
  const answers = [...stdout.matchAll(/ icmp_seq=(\d+) .* time=([\d.]+) ms$/gm)]
    .map(([, sequence, time]) => ({ sequence: Number(sequence), time: Number(time) }))
    .filter(({ sequence }) => sequence <= count);
  const medianMs = median(answers.map(({ time }) => time));
  const counts = {
    sent: Math.min(count, Number(transmitted)),
    received: new Set(answers.map(({ sequence }) => sequence)).size,
  };
  return medianMs === undefined ? counts : { ...counts, medianMs };
}
