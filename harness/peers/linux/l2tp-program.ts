import type { Topology } from '../../topology.ts';
import type { ConfigFile } from './configuration.ts';
import type { IkePlan } from './ike-daemon.ts';
import type { LogLine } from './peer-log.ts';
import type { L2tpReading } from './reading.ts';

/**
 * A program that speaks L2TP on Linux, as far as it differs from others: its configuration, its commands and its
 * log. Whatever it starts, pppd above all, speaks on its outputs.
 */
export interface L2tpProgram {
  /** Name of its lines in the log. */
  readonly program: string;
  /** Debian packages whose versions are told beside the peer's own. */
  readonly packages: readonly string[];
  /** What a cell sets. */
  readonly files: (plan: L2tpPlan) => readonly ConfigFile[];
  /** Shell that is run when the files are there, before the program starts. */
  readonly prepare: string;
  /** The program in the foreground; its log is what it prints. */
  readonly command: readonly string[];
  /** The line that says that it takes calls, or the command to dial. */
  readonly running: RegExp;
  /** Makes a client's program dial; ends at once. */
  readonly dial: readonly string[];
  /** From the inside out: what ends a layer, and the line that says that it has ended. */
  readonly farewell: readonly { readonly command: readonly string[]; readonly ended: RegExp }[];
  readonly read: (lines: readonly LogLine[]) => L2tpReading;
  /** The tunnel that a line of its log names, where it names one. */
  readonly namesConnection?: (text: string) => string | undefined;
  /** How a client's attempt behind IPsec came out, as soon as the log shows it. */
  readonly outcome: (lines: readonly LogLine[]) => 'up' | 'ended' | undefined;
}

export interface L2tpPlan extends IkePlan {
  readonly topology: Topology;
  readonly nodeName: string;
}
