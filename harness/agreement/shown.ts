import type { PeerObservation } from '../observation.ts';
import type { CellRecord } from '../record.ts';
import type { Crossing } from './crossing.ts';

/** What two fabrics must show alike of a cell, by the words under which a difference is printed. */
export type Shown = ReadonlyMap<string, string>;

/**
 * The facts of a record that no fabric may change, and what crossed the segments.
 * @param crossings by segment
 */
export function shownBy(record: CellRecord, crossings: ReadonlyMap<string, Crossing>): Shown {
  const { verdict, first, observed, others = [] } = record;
  const clients = [{ verdict: first?.verdict ?? verdict, observed }, ...others];
  const name = (index: number) => (clients.length === 1 ? '' : `client ${index + 1}: `);
  return new Map([
    ['verdict', verdict],
    ...clients.flatMap((client, index) => [
      ...(clients.length === 1 ? [] : [[`${name(index)}verdict`, client.verdict] as const]),
      // `connected`, or `stopped at S: R`: stage and reason.
      [`${name(index)}outcome`, client.observed?.outcome ?? 'none'] as const,
      ...shownOfEvent(name(index), client.observed),
      ...ends.flatMap((end) => shownByPeer(`${name(index)}${end}`, client.observed?.[end])),
    ]),
    ...[...crossings].flatMap(([segment, { toResponder, toClient }]) => [
      [`to the responder on ${segment}`, toResponder.join(', ')] as const,
      [`to the client on ${segment}`, toClient.join(', ')] as const,
    ]),
  ]);
}

const ends = ['client', 'responder'] as const;

/** By whom SAs were replaced, and what a client met that dialled again; not how often, nor when. */
function shownOfEvent(name: string, saw: CellRecord['observed']): (readonly [string, string])[] {
  const { event, client } = saw ?? {};
  if (!event) return [];
  const { phase1, phase2 } = client?.replaced ?? {};
  const begun = [phase1, phase2].map((phase) =>
    [phase && phase.bySelf > 0 && 'client', phase && phase.byPeer > 0 && 'responder']
      .filter(Boolean)
      .join(', '),
  );
  const { connected, innerAddress = 'none' } = event.redial ?? {};
  return [
    [`${name}new SAs of phases 1 and 2 begun by`, begun.map((who) => who || 'nobody').join('; ')],
    [
      `${name}dialled again`,
      connected === undefined ? 'no' : `connected ${connected}, address ${innerAddress}`,
    ],
  ];
}

function shownByPeer(who: string, saw: PeerObservation | undefined): (readonly [string, string])[] {
  const nat = saw?.natSeen;
  return [
    [`phase 1 at the ${who}`, saw?.phase1 ?? 'none'],
    [`phase 2 at the ${who}`, saw?.phase2 ?? 'none'],
    [`NAT seen by the ${who}`, nat ? `own ${nat.localBehindNat}, peer's ${nat.peerBehindNat}` : 'none'],
    [`encapsulation at the ${who}`, saw?.encapsulation ?? 'none'],
  ];
}

/** One sentence for each thing that is not alike; what is not alike in the same way is told together. */
export function differences(one: Shown, other: Shown, names: readonly [string, string]): string[] {
  const found = new Map<string, string[]>();
  for (const what of new Set([...one.keys(), ...other.keys()])) {
    const [here, there] = [one.get(what) ?? '', other.get(what) ?? ''];
    if (here === there) continue;
    const both = `${here || 'nothing'} (${names[0]}), ${there || 'nothing'} (${names[1]})`;
    found.set(both, [...(found.get(both) ?? []), what]);
  }
  return [...found].map(([both, whats]) => `${whats.join('; ')}: ${both}`);
}
