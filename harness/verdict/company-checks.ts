import type { CheckResult } from './checks.ts';
import { type Company, type Evidence, spiText } from './evidence.ts';

/**
 * What a client may not share with another one of its cell: the address that it was given, and the SPIs of its SAs
 * (RFC 4301 4.1: at its receiver an SPI names one SA; clients choose theirs at random). Nothing is asked of what
 * nobody told, and nothing of a client alone.
 */
export function companyChecks(evidence: Evidence, { before, after }: Company): CheckResult[] {
  const others = [...before, undefined, ...after];
  const check = (name: string, own: readonly string[], valuesOf: (other: Evidence) => readonly string[]) => {
    if (own.length === 0) return [];
    const shared = others.flatMap((other, index) => {
      const both = own.filter((value) => other && valuesOf(other).includes(value));
      return both.length === 0 ? [] : [`client ${index + 1} has ${both.join(' and ')}, too`];
    });
    return [{ check: name, ok: shared.length === 0, detail: shared.join('; ') || own.join(' and ') }];
  };
  if (before.length + after.length === 0) return [];
  return [
    ...check('inner address of its own', addresses(evidence), addresses),
    ...check('SPIs of its own', spis(evidence), spis),
  ];
}

/** None where the link has ended, by the word of an end: what it had is another's by right. */
function addresses({ client, responder }: Evidence): string[] {
  if (client?.linkLost || responder?.linkLost) return [];
  const told = [client?.innerAddress, responder?.peerInnerAddress];
  return [...new Set(told.filter((address) => address !== undefined))];
}

function spis({ client, responder }: Evidence): string[] {
  const told = [client?.spis, responder?.spis].flatMap((each) => (each ? [each.inbound, each.outbound] : []));
  return [...new Set(told)].map(spiText);
}
