import { type Cell, cellId } from '../../cell.ts';
import { factsOf } from '../../cell-facts.ts';
import { loadTopology } from '../../topologies.ts';

/** For two clocks that run for minutes on a loaded machine, and a kernel that ends a mapping when it gets to it. */
const marginSeconds = 3;

/**
 * What of an idle connection is so near to each other that chance decides (rule NAT-13): the NAT's timer and an
 * interval at which an end sends something, or the end of the idle time and what was or will be sent there.
 */
export function natTimerEdges(cell: Cell): string[] {
  const { placement, client, responder } = factsOf(cell, loadTopology(cell.topology), 0);
  const { hold, clientNatUdpSeconds: timer } = placement;
  const idle = hold?.idleSeconds;
  if (idle === undefined || timer === undefined) return [];
  const near = (what: string, one: number, other: number) =>
    Math.abs(one - other) < marginSeconds ? [`${cellId(cell)}: ${what}, ${one} s and ${other} s`] : [];
  const own = client.speaksEverySeconds;
  const intervals = [own, responder.speaksEverySeconds].filter((each) => each !== undefined);
  const keepAlive = intervals.some((interval) => interval < timer);
  return [
    ...near('timer and idle time', timer, idle),
    ...intervals.flatMap((interval) => near('timer and interval', timer, interval)),
    ...(own === undefined || keepAlive
      ? []
      : [
          ...near('timer and what was sent last', timer, idle % own),
          ...(own <= idle ? near('end of the idle time and what was sent last', idle % own, 0) : []),
          ...near('end of the idle time and what is sent next', idle % own, own),
        ]),
  ];
}
