import type { Fact, PppFailure } from '../fact.ts';
import { utf8 } from '../octets.ts';
import type { PppConfig } from './config.ts';
import { windowsTerminateData } from './maintenance.ts';
import { RasError } from './ras-error.ts';

/** Why a link ends. */
export interface LinkEnd {
  readonly layer: 'lcp' | 'auth' | 'ipcp';
  readonly reason: PppFailure;
  readonly by: 'local' | 'peer' | 'timeout';
  readonly detail: string;
  /** What Windows calls it. */
  readonly errorNumber?: number | undefined;
}

/** The end of a link that was up is no failure. */
export function endFact({ layer, reason, by, detail, errorNumber }: LinkEnd, wasUp: boolean): Fact {
  const number = errorNumber === undefined ? {} : { errorNumber };
  if (wasUp) return { fact: 'closed', layer: 'ppp', by, detail, ...number };
  return { fact: 'ppp-failed', layer, reason, detail, ...number };
}

/** What this end's Terminate-Request says: a text, or as a Windows client the number of the error. */
export function terminateData(config: PppConfig, magic: Uint8Array, text: string, error: number): Uint8Array {
  if (config.role === 'client' && config.terminateReason === 'windows') {
    return windowsTerminateData(magic, error);
  }
  return utf8(text);
}

/** By what number Windows calls an end; 691 and 718 for lack of a log that shows another. */
export function rasErrorOf({ reason, errorNumber }: LinkEnd): number {
  if (errorNumber !== undefined) return errorNumber;
  if (reason === 'auth-failed' || reason === 'auth-refused') return RasError.authenticationFailure;
  return reason === 'no-answer' ? RasError.pppTimeout : RasError.notConverging;
}
