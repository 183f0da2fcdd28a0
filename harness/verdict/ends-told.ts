import type { Ending } from '../observation.ts';
import type { Evidence } from './evidence.ts';

/**
 * That the client ended these layers and said so, by its own word and by that of a responder which heard it, and that
 * StopCCN was acknowledged. A client's own word of the deletes of SAs there is none of.
 */
export function endsToldFinding(
  layers: readonly Ending['said'][number][],
  { client, responder }: Pick<Evidence, 'client' | 'responder'>,
): { readonly ok: boolean; readonly detail: string } {
  const [ofClient, ofResponder] = [client?.ending, responder?.ending];
  if (!ofClient || !ofResponder) return { ok: false, detail: 'not observed' };
  const isSaid = (layer: (typeof layers)[number]) => layer !== 'phase2' && layer !== 'phase1';
  const unsaid = layers.filter((layer) => isSaid(layer) && !ofClient.said.includes(layer));
  const unheard = layers.filter((layer) => !ofResponder.heard.includes(layer));
  const isOpen = layers.includes('l2tp-tunnel') && ofClient.acknowledged !== true;
  const words = [
    ...(unsaid.length > 0 ? [`the client does not say that it ended ${unsaid.join(', ')}`] : []),
    ...(unheard.length > 0 ? [`the responder heard of no end of ${unheard.join(', ')}`] : []),
    ...(isOpen ? ['StopCCN was not acknowledged'] : []),
  ];
  return { ok: words.length === 0, detail: words.join('; ') || 'each was said and heard' };
}
