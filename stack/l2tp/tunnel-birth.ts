import type { Instant, RandomSource } from '../engine.ts';
import type { IdPicker } from './calls.ts';
import type { L2tpConfig, L2tpPeer } from './config.ts';
import type { MessageWriter } from './message-writer.ts';

/** What a tunnel is made with. */
export interface TunnelBirth {
  readonly config: L2tpConfig;
  readonly writer: MessageWriter;
  readonly random: RandomSource;
  readonly pickSessionId: IdPicker;
  readonly localId: number;
  /** Which end sends SCCRQ (RFC 2661 7.2: originator and receiver). */
  readonly originator: 'local' | 'peer';
  readonly peer: L2tpPeer;
  readonly now: Instant;
}
