import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { AggressiveModeState } from './aggressive-mode.ts';
import type { MainModeState } from './main-mode.ts';

/** The exchanges that make an ISAKMP SA (RFC 2409 5). */
export type Phase1Mode = 'main-mode' | 'aggressive-mode';

export type Phase1State = MainModeState | AggressiveModeState;

/** The mode of a message by its exchange type, where that is one of phase 1. */
export function phase1Mode(exchangeType: number): Phase1Mode | undefined {
  if (exchangeType === ExchangeType.identityProtection) return 'main-mode';
  return exchangeType === ExchangeType.aggressive ? 'aggressive-mode' : undefined;
}

/**
 * The message that each state waits for, and whether it comes encrypted. Message 3 of aggressive mode may come
 * either way (RFC 2409 5.4).
 */
export const awaited = {
  'sa-sent': { message: 2, encrypted: false },
  'sa-answered': { message: 3, encrypted: false },
  'ke-sent': { message: 4, encrypted: false },
  'ke-answered': { message: 5, encrypted: true },
  'id-sent': { message: 6, encrypted: true },
  'all-sent': { message: 2, encrypted: false },
  'all-answered': { message: 3, encrypted: undefined },
} as const;
