import { clientPlaces, pathFrom } from './client-places.ts';
import { CrossnatError } from './error.ts';
import type { NatKind } from './nat-kind.ts';
import { loadNatKind, natKindNames } from './nat-kinds.ts';
import { remembered } from './remembered.ts';
import { suggestion } from './suggestion.ts';
import type { FilterRules, Hold, NatRules, SegmentQuality, Topology } from './topology.ts';

/** What a NAT box does: its rules, and its kind in full. */
export type NatSetting = Omit<NatRules, 'kind'> & { readonly kind: NatKind };

/** How a topology's boxes and segments are set for a cell: its own values, changed as the cell's axis `nat` says. */
export interface NetworkSettings {
  /** Of every node of kind nat. */
  readonly nats: Readonly<Record<string, NatSetting>>;
  /** Of every router that filters. */
  readonly filters: Readonly<Record<string, FilterRules>>;
  /** Of segments that are not perfect. */
  readonly links: Readonly<Record<string, SegmentQuality>>;
  readonly hold?: Hold;
  readonly dial: string;
}

interface Choice {
  readonly variant: string | undefined;
  /** Box to name of its kind. */
  readonly kinds: ReadonlyMap<string, string>;
}

/**
 * Reads a value of the axis `nat`: `default`, a variant of the topology, the kind of the first NAT box on the path as
 * the client sees it (at several places of each client's, which are set alike), the kind of another one as `office-nat:full-cone`, or several of these in this order, joined
 * by `+`. Throws a usage error that says which words this topology knows.
 */
export const networkSettings: (topology: Topology, nat: string) => NetworkSettings = remembered(settingsFor);

function settingsFor(topology: Topology, nat: string): NetworkSettings {
  const { variant: name, kinds } = chosen(topology, nat);
  const variant = name === undefined ? undefined : topology.variants[name];
  const nats = Object.entries(topology.nodes).flatMap(([box, { nat: own }]): [string, NatSetting][] => {
    const rules = variant?.boxes[box] ?? own;
    return rules ? [[box, { ...rules, kind: loadNatKind(kinds.get(box) ?? rules.kind) }]] : [];
  });
  const filters = Object.entries(topology.nodes).flatMap(([router, { filter }]): [string, FilterRules][] => {
    const rules = variant?.filters[router] ?? filter;
    return rules ? [[router, rules]] : [];
  });
  const links = Object.entries(topology.segments).flatMap(([segment, { quality }]) => {
    const changed = variant?.segments[segment] ?? quality;
    return changed ? [[segment, changed] as const] : [];
  });
  const hold = variant?.hold ?? topology.hold;
  return {
    nats: Object.fromEntries(nats),
    filters: Object.fromEntries(filters),
    links: Object.fromEntries(links),
    ...(hold && { hold }),
    dial: variant?.dial ?? topology.dial,
  };
}

/**
 * The NAT boxes of a topology in the order of its path, as words of the axis `nat` mean them: what stands first on each
 * client's path goes together.
 */
function natBoxes(topology: Topology): (readonly string[])[] {
  const { nodes } = topology;
  const boxesOf = (place: string) => pathFrom(topology, place).filter((name) => nodes[name]?.kind === 'nat');
  const all = clientPlaces(topology).map(boxesOf);
  const first = [...new Set(all.flatMap(([box]) => box ?? []))];
  const others = new Set(all.flat().filter((box) => !first.includes(box)));
  return first.length === 0 ? [] : [first, ...[...others].map((box) => [box])];
}

/** Every single word that the axis `nat` may have in this topology. */
export const natValues: (topology: Topology) => readonly string[] = remembered((topology) => {
  const [first, ...others] = natBoxes(topology);
  return [
    'default',
    ...Object.keys(topology.variants),
    ...(first === undefined ? [] : natKindNames()),
    ...others.flatMap(([box]) => natKindNames().map((kind) => `${box}:${kind}`)),
  ];
});

function chosen(topology: Topology, nat: string): Choice {
  const kinds = new Map<string, string>();
  const boxes = natBoxes(topology);
  let variant: string | undefined;
  let last = -1;
  for (const [index, word] of nat.split('+').entries()) {
    if (word === 'default' && nat === word) break;
    const isVariant = word in topology.variants;
    if (word === 'default' || !(isVariant || natValues(topology).includes(word))) {
      throw refused(topology, nat, unknownWord(topology, word), known(topology, word));
    }
    if (isVariant) {
      if (index > 0) throw refused(topology, nat, `${word} is a variant`, 'One variant at most, and first');
      variant = word;
      continue;
    }
    const [kind = '', named] = word.split(':').reverse();
    const place = named === undefined ? 0 : boxes.findIndex((together) => together.includes(named));
    const together = boxes[place] ?? [];
    if (place <= last) {
      const found = `${together.join(' and ')} comes late`;
      throw refused(topology, nat, found, 'Each box once, in the order of the path');
    }
    last = place;
    for (const box of together) kinds.set(box, kind);
  }
  return { variant, kinds };
}

function unknownWord({ name }: Topology, word: string): string {
  return `there is no NAT variant ${JSON.stringify(word)} of ${name}, and no NAT kind that a box there can be`;
}

/** A first box that is named all the same is written without its name, so that a cell has one id. */
function known(topology: Topology, word: string): string {
  const [box = '', kind = ''] = word.split(':');
  const isFirst = natBoxes(topology)[0]?.includes(box) && natKindNames().includes(kind);
  if (isFirst) return `Write ${kind}: without a name the first box is meant`;
  return suggestion(
    word,
    natValues(topology).filter((value) => !value.includes(':') || word.includes(':')),
  );
}

function refused({ name }: Topology, nat: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: `setting ${name} to nat=${nat}`, found, remedy });
}
