import type { Cell } from '../cell.ts';
import { tooLongForContainers } from '../cell-event.ts';
import type { Fabric, FabricProbe } from '../fabric/fabric.ts';
import type { Topology } from '../topology.ts';
import { nothingToBrowse } from '../web-host.ts';
import { type Outcome, unplayedOutcome } from './cell-record.ts';
import type { Drivers } from './standing-lab.ts';

const roles = ['client', 'responder'] as const;

/** What is in the way of the cells of one bench before anything is started for them. */
export class Obstacles {
  readonly #fabric: Pick<Fabric, 'beyond'>;
  readonly #topology: Topology;
  /** How many clients the topology has room for. */
  readonly #places: number;
  readonly #drivers: Drivers;
  readonly #lacks: FabricProbe['lacks'];

  constructor(
    fabric: Pick<Fabric, 'beyond'>,
    topology: Topology,
    places: number,
    drivers: Drivers,
    probe: Pick<FabricProbe, 'lacks'>,
  ) {
    this.#fabric = fabric;
    this.#topology = topology;
    this.#places = places;
    this.#drivers = drivers;
    this.#lacks = probe.lacks;
  }

  /** What the lab and the runner cannot play, whatever the peers can. */
  unplayable(cell: Cell): Outcome | undefined {
    const { clients, topology } = cell;
    const unsupported = (why: string) => unplayedOutcome({ verdict: 'unsupported', why });
    const places = this.#places === 1 ? 'a place for one client' : `places for ${this.#places} clients`;
    if (clients > this.#places) return unsupported(`${topology} has ${places}`);
    const nothing = nothingToBrowse(cell, this.#topology);
    return nothing === undefined ? undefined : unsupported(nothing);
  }

  /** What the peers themselves declare that they cannot. */
  declared(cell: Cell): string | undefined {
    const whys = roles.map((role) => this.#drivers[role].unsupported(cell, role));
    const [first, ...more] = new Set(whys.filter((why) => why !== undefined));
    return first && [first, ...more].join('; ');
  }

  /** A peer that has no such part at all cannot even try. */
  withoutRole(): string | undefined {
    const role = roles.find((each) => !this.#drivers[each].roles.includes(each));
    return role && `${this.#drivers[role].name} plays no ${role}`;
  }

  /** What this host lacks, and what its fabric cannot be set to. */
  unavailable(cell: Cell): Outcome | undefined {
    const { nat, clients } = cell;
    const lacks = this.#lacks.map(({ what, remedy }) => `${what}. ${remedy}`);
    if (lacks.length > 0) return unplayedOutcome({ verdict: 'unavailable', why: lacks.join('; ') });
    const beyond = this.#fabric.beyond?.(this.#topology, nat, clients) ?? tooLongForContainers(cell);
    if (beyond === undefined) return undefined;
    const why = `${beyond}. Play it in the embedded fabric: --fabric embedded`;
    return { ...unplayedOutcome({ verdict: 'unavailable', why }), beyondFabric: true };
  }
}
