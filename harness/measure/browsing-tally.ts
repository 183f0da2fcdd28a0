import type { WireObservation } from '../observation.ts';
import type { Topology } from '../topology.ts';
import { webHostOf } from '../web-host.ts';
import type { OuterPacket } from './outer.ts';

/** Counts what the captures show of those who browse the topology's host on the Internet. */
export function browsingTally(topology: Topology) {
  const web = webHostOf(topology);
  const from: Record<string, number> = {};
  const untranslated: Record<string, number> = {};
  return {
    /** @param isInner one of its addresses is of the office or the pool, on a segment where none belongs */
    add(segment: string, { source, destination }: OuterPacket, isInner: boolean): void {
      if (web === undefined || (source !== web.address && destination !== web.address)) return;
      if (segment === web.segment && destination === web.address) step(from, source);
      if (isInner) step(untranslated, segment);
    },
    /** Empty where nobody browsed. */
    result(): Pick<WireObservation, 'browsing'> {
      const wasSeen = [from, untranslated].some((counts) => Object.keys(counts).length > 0);
      return wasSeen ? { browsing: { from, untranslated } } : {};
    },
  };
}

function step(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
