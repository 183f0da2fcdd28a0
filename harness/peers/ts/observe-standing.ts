import type { Fact } from '../../../stack/fact.ts';
import type { PeerObservation } from '../../observation.ts';

/** What facts show of a connection that stands: which SAs were replaced, and what became of the link that they carry. */
export function observeStanding(
  facts: readonly { readonly fact: Fact }[],
): Pick<PeerObservation, 'replaced' | 'linkLost' | 'strayEsp'> {
  const all = facts.map(({ fact }) => fact);
  const up = all.findIndex(({ fact }) => fact === 'ipcp-opened');
  const since = up === -1 ? [] : all.slice(up + 1);
  const linkLost = since.flatMap(lossOf);
  const strayEsp = since.filter((fact) => fact.fact === 'packet-dropped' && fact.reason === 'unknown-spi');
  const rekeyed = all.filter((fact) => fact.fact === 'rekeyed');
  const by = (phase: 1 | 2) => ({
    bySelf: rekeyed.filter((fact) => fact.phase === phase && fact.by === 'local').length,
    byPeer: rekeyed.filter((fact) => fact.phase === phase && fact.by === 'peer').length,
  });
  return {
    ...(rekeyed.length > 0 && { replaced: { phase1: by(1), phase2: by(2) } }),
    ...(linkLost.length > 0 && { linkLost }),
    ...(strayEsp.length > 0 && { strayEsp: strayEsp.length }),
  };
}

function lossOf(fact: Fact): string[] {
  if (fact.fact === 'ipcp-opened') return ['PPP came up once more'];
  if (fact.fact !== 'closed' || (fact.layer !== 'ppp' && fact.layer !== 'l2tp')) return [];
  return [`${fact.layer} ended (${fact.by}: ${fact.detail})`];
}
