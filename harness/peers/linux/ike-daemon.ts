import type { Cell } from '../../cell.ts';
import type { CaptureKeys, CellSettings } from '../peer.ts';
import type { ConfigFile } from './configuration.ts';
import type { LogLine } from './peer-log.ts';
import type { IkeReading } from './reading.ts';

/**
 * An IKE daemon on Linux, as far as it differs from others: its configuration, its commands and its log. What
 * they share (the kernel, the order of things) is in `LinuxPeer`, L2TP and PPP in an `L2tpProgram`.
 */
export interface IkeDaemon {
  /** Name of the peer, and of the daemon's lines in the log. */
  readonly peer: string;
  readonly program: string;
  /** Debian package whose version is the peer's. */
  readonly package: string;
  /** What a cell sets. */
  readonly files: (plan: IkePlan) => readonly ConfigFile[];
  /** The daemon in the foreground; its log is what it prints. */
  readonly command: readonly string[];
  /** The line that says that it takes commands. */
  readonly running: RegExp;
  /** Makes the running daemon take the configuration. */
  readonly load: readonly string[];
  /** Negotiates both phases; ends when they are done or given up. Its exit code is not believed. */
  readonly initiate: readonly string[];
  /** Ends both phases and says so to the peer. */
  readonly terminate: readonly string[];
  readonly read: (lines: readonly LogLine[]) => IkeReading;
  /** The SA that a line of its log names, where it names one: lines about several clients come mixed. */
  readonly namesConnection?: (text: string) => string | undefined;
  /** Where it gives its own keys away: what prints them, and how to read that. */
  readonly keys?: {
    readonly command: readonly string[];
    readonly read: (printed: string) => CaptureKeys['ike'];
  };
  /** Prints one line for each IKE SA. */
  readonly listIkeSas: readonly string[];
  /** The lines of those that came to nothing: they stay for half a minute, and no waiting helps. */
  readonly halfOpen: RegExp;
}

export interface IkePlan {
  readonly role: 'client' | 'responder';
  readonly cell: Cell;
  readonly settings: CellSettings;
}
