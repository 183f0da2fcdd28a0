import type { Fact } from '../../../stack/fact.ts';
import type { Ending } from '../../observation.ts';

/**
 * What an end said and heard of the end of its connection, layer by layer, since its link came up last: LCP's
 * Terminate-Request (RFC 1661 5.5), CDN and StopCCN (RFC 2661 5.6, 5.7), deletes of SAs (RFC 2408 3.15). That a delete
 * was sent no fact says; whoever heard one does.
 */
export function observeEnding(facts: readonly { readonly fact: Fact }[]): Ending {
  const all = facts.map(({ fact }) => fact);
  const since = all.slice(all.findLastIndex(({ fact }) => fact === 'ipcp-opened') + 1);
  const said = new Set<Ending['said'][number]>();
  const heard = new Set<Ending['heard'][number]>();
  let acknowledged: boolean | undefined;
  for (const fact of since) {
    if (fact.fact === 'l2tp-ended') {
      const layer = fact.message === 'CDN' ? 'l2tp-session' : 'l2tp-tunnel';
      (fact.direction === 'sent' ? said : heard).add(layer);
    } else if (fact.fact === 'closed') {
      const { layer, by } = fact;
      if (layer !== 'l2tp' && by === 'peer') heard.add(layer);
      else if (layer === 'ppp' && by === 'local') said.add('ppp');
    } else if (fact.fact === 'l2tp-message') {
      // It is sent again until it is acknowledged (RFC 2661 5.8): with the last one something came, or nothing did.
      if (fact.direction === 'sent' && fact.message === 'StopCCN') acknowledged = false;
      else if (fact.direction === 'received' && acknowledged === false) acknowledged = true;
    }
  }
  return { said: [...said], heard: [...heard], ...(acknowledged !== undefined && { acknowledged }) };
}
