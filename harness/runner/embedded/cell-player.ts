import { axisDefaults, type Cell, cellId, peerOf } from '../../cell.ts';
import { expectation } from '../../cell-expectation.ts';
import { cellSettings } from '../../cell-settings.ts';
import { clientPlaces, withClients } from '../../client-places.ts';
import type { Expectation } from '../../expectation.ts';
import { probeBoxesOnce } from '../../fabric/embedded/probe-boxes.ts';
import { usualNatKind } from '../../nat-kinds.ts';
import { type NetworkSettings, networkSettings } from '../../network-settings.ts';
import { peers } from '../../peers/registry.ts';
import type { CellRecord } from '../../record.ts';
import { loadTopology } from '../../topologies.ts';
import type { Topology } from '../../topology.ts';
import { judgeClients } from '../../verdict/judge.ts';
import { nothingToBrowse, withWebHostFor } from '../../web-host.ts';
import {
  type CellHeader,
  cellRecord,
  eachClient,
  type Outcome,
  observed,
  unplayedOutcome,
  unsupportedOutcome,
  wholeCell,
} from '../cell-record.ts';
import type { PlannedCell } from '../plan.ts';
import { troubleVerdict, troubleWith } from '../trouble.ts';
import type { Planted } from './planted.ts';
import { playEmbedded } from './play.ts';

/** What all cells of a run have in common. Plain data: it goes to every worker. */
export interface EmbeddedRunFrame {
  readonly run: string;
  readonly seed: string;
  readonly host: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Of our stack, for the observations. */
  readonly stack: string;
}

/** A record, and the captures of its cell by segment, made when they are asked for. */
export interface PlayedCell {
  readonly record: CellRecord;
  readonly captures: () => Readonly<Record<string, Uint8Array>>;
}

/**
 * Plays one cell in the embedded fabric, from its axes to its record. Never throws: what goes wrong is in the record.
 * @param planted a defect that the cell is played with, to see that it shows
 */
export function playCell(
  frame: EmbeddedRunFrame,
  { cell, repeat }: PlannedCell,
  planted?: Planted,
): PlayedCell {
  const seed = repeat === 1 ? frame.seed : `${frame.seed}.${repeat}`;
  return recorded(frame, { cell, repeat, canary: false, seed, planted }, () => {
    return expectation(cell, topologyOf(cell));
  });
}

/** Plays a cell that must fail: it is held against what it cannot meet. */
export function playCanary(frame: EmbeddedRunFrame, cell: Cell, impossible: Expectation): PlayedCell {
  const part = { cell, repeat: 1, canary: true, seed: `${frame.seed}.canary`, planted: undefined };
  return recorded(frame, part, () => Array.from({ length: cell.clients }, () => impossible));
}

interface Part extends Pick<CellHeader, 'cell' | 'repeat' | 'canary' | 'seed'> {
  readonly planted: Planted | undefined;
}

function recorded(
  frame: EmbeddedRunFrame,
  { planted, ...part }: Part,
  expected: () => readonly Expectation[],
): PlayedCell {
  const startedAt = new Date();
  const started = performance.now();
  let expectations: readonly Expectation[] = [];
  let captures: PlayedCell['captures'] = () => ({});
  let outcome: Outcome;
  try {
    const declined = declinedBy(part.cell);
    if (declined) outcome = declined;
    else {
      expectations = expected();
      ({ outcome, captures } = played(frame, { ...part, planted }, expectations, startedAt));
    }
  } catch (error) {
    outcome = unplayedOutcome(troubleVerdict([troubleWith('playing the cell', error)]));
  }
  const header: CellHeader = {
    ...part,
    run: frame.run,
    fabric: 'embedded',
    startedAt,
    expectation: expectations[0],
    disputed: expectations.some(({ disputed }) => disputed),
    host: frame.host,
    versions: frame.versions,
    flaky: false,
  };
  return { record: cellRecord(header, outcome, performance.now() - started), captures };
}

/** With the cell's clients, as far as it has places for them, and with the host on the Internet where they browse it. */
export function topologyOf(cell: Cell): Topology {
  const whole = loadTopology(cell.topology);
  return withWebHostFor(withClients(whole, Math.min(cell.clients, clientPlaces(whole).length)), [cell]);
}

/** What this fabric or a peer cannot play, whatever would come of it. */
function declinedBy(cell: Cell): Outcome | undefined {
  const foreign = [cell.client, cell.responder]
    .map((value) => peerOf(value).peer)
    .find((peer) => peer !== 'ts');
  if (foreign !== undefined) {
    const why = `the embedded fabric carries our own stack alone, and ${foreign} needs containers`;
    return unplayedOutcome({ verdict: 'unavailable', why });
  }
  const places = clientPlaces(loadTopology(cell.topology)).length;
  if (cell.clients > places) {
    const room = places === 1 ? 'a place for one client' : `places for ${places} clients`;
    return unplayedOutcome({ verdict: 'unsupported', why: `${cell.topology} has ${room}` });
  }
  const nothing = nothingToBrowse(cell, loadTopology(cell.topology));
  if (nothing !== undefined) return unplayedOutcome({ verdict: 'unsupported', why: nothing });
  const whys = (['client', 'responder'] as const).map((role) => peers.get('ts')?.unsupported(cell, role));
  const declared = new Set(whys.filter((why) => why !== undefined));
  return declared.size === 0 ? undefined : unsupportedOutcome([...declared].join('; '));
}

function played(
  frame: EmbeddedRunFrame,
  { cell, seed, planted = {} }: Part,
  expectations: readonly Expectation[],
  startedAt: Date,
): { outcome: Outcome; captures: PlayedCell['captures'] } {
  const topology = topologyOf(cell);
  const first = cellSettings(cell, topology, seed, 0);
  const others = Array.from({ length: cell.clients - 1 }, (_, index) =>
    cellSettings(cell, topology, seed, index + 1),
  );
  const surroundings = networkSettings(topology, cell.nat);
  probeBoxesOnce(topology, cell.nat, surroundings);
  const settings = [first, ...others] as const;
  // What an end does wrong on request may be done to its key exchange: such a cell has key pairs of its own.
  const keyPairSeed = cell.impair === axisDefaults.impair ? seed : undefined;
  const { clients, connectMs, captures } = playEmbedded(cell, topology, surroundings, settings, frame.stack, {
    keyPairSeed,
    planted,
  });
  planted.judged?.(expectations, clients);
  const judged = judgeClients(expectations, clients).map((judgement) => ({
    verdict: judgement.verdict,
    why: judgement.why,
    judgement,
  }));
  const outcome: Outcome = {
    ...wholeCell(judged),
    lab: { id: 'embedded', state: 'fresh', cellNumber: 1 },
    observed: observed(clients[0], judged[0]?.judgement),
    ...eachClient(expectations, clients, judged, connectMs),
    connectMs: connectMs[0],
    timerFactor: first.timerFactor,
    ...(keyPairSeed !== undefined && { keyPairs: 'shared' }),
    versions: natKinds(surroundings),
    files: { captures: {}, logs: {} },
  };
  return { outcome, captures: () => captures(startedAt.getTime()) };
}

/** What each NAT box is that is not the usual one, where the records of containers say it, too. */
function natKinds({ nats }: NetworkSettings): Record<string, string> {
  const unusual = Object.entries(nats).filter(([, { kind }]) => kind.name !== usualNatKind);
  return Object.fromEntries(unusual.map(([box, { kind }]) => [`NAT box ${box}`, kind.name]));
}

/** As records and directories call it. */
export function nameOf({ cell, repeat }: PlannedCell): string {
  return repeat === 1 ? cellId(cell) : `${cellId(cell)}@${repeat}`;
}
