import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCellId, peerOf } from '../cell.ts';
import { cellSettings } from '../cell-settings.ts';
import { clientPlaces, withClients } from '../client-places.ts';
import { ladderOf } from '../measure/ladder.ts';
import { outerSegments, sidesOf } from '../measure/sides.ts';
import type { CellRecord } from '../record.ts';
import type { Agreement } from '../records/summary.ts';
import { playCell } from '../runner/embedded/cell-player.ts';
import { loadTopology } from '../topologies.ts';
import { type Crossing, crossingOf } from './crossing.ts';
import { differences, type Shown, shownBy } from './shown.ts';

/**
 * Plays in the embedded fabric what was played in containers, with the same seed, and compares what both show: verdict,
 * stage and reason, what both ends say of proposals, NAT and encapsulation, and what crossed each segment between
 * them. Compared is what was judged and has our own stack at both ends.
 *
 * @param directory of the run, in which its captures are
 */
export function agreementOf(records: readonly CellRecord[], directory: string): Agreement {
  const comparable = records.filter(isComparable);
  const disagreements = comparable.flatMap((record) => {
    const found = disagreement(record, (file) => readFileSync(join(directory, file)));
    return found.length === 0 ? [] : [{ cell: record.cell, differences: found }];
  });
  return { compared: comparable.length, disagreements };
}

function isComparable({ cell, verdict, fabric }: CellRecord): boolean {
  const { client, responder } = parseCellId(cell);
  const ours = [client, responder].every((value) => peerOf(value).peer === 'ts');
  return fabric === 'docker' && ours && (verdict === 'pass' || verdict === 'fail');
}

/** @param read gives the octets of one of the record's captures */
export function disagreement(record: CellRecord, read: (file: string) => Uint8Array): string[] {
  const cell = parseCellId(record.cell);
  const frame = { run: record.run, seed: record.seed, host: {}, versions: {}, stack: '' };
  const played = playCell(frame, { cell, repeat: 1 });
  const captures = played.captures();
  const files = record.files.captures;
  const connected = [record, played.record].some(allConnected);
  const inContainers = shown(record, connected, (segment) => {
    const file = files[segment];
    return file === undefined ? undefined : read(file);
  });
  const inProcess = shown(played.record, connected, (segment) => captures[segment]);
  return differences(inContainers, inProcess, ['docker', 'embedded']);
}

function allConnected({ observed, others = [] }: CellRecord): boolean {
  return [observed, ...others.map((each) => each.observed)].every((each) => each?.outcome === 'connected');
}

/** With what crossed each segment between the client and the responder, the NAT boxes' own among them. */
function shown(
  record: CellRecord,
  connected: boolean,
  captureOf: (segment: string) => Uint8Array | undefined,
): Shown {
  const cell = parseCellId(record.cell);
  const whole = loadTopology(cell.topology);
  const topology = withClients(whole, Math.min(cell.clients, clientPlaces(whole).length));
  const { dial } = cellSettings(cell, topology, record.seed, 0);
  const sides = sidesOf({ ...topology, dial });
  const crossings = outerSegments(topology).flatMap((segment): [string, Crossing][] => {
    const capture = captureOf(segment);
    return capture ? [[segment, crossingOf(ladderOf(capture, segment, sides), connected)]] : [];
  });
  return shownBy(record, new Map(crossings));
}
