import { parseCellId, peerOf } from '../harness/cell.ts';
import { median } from '../harness/measure/tool-output.ts';
import { markdownTable } from './markdown.ts';
import { isOurs } from './pair-results.ts';
import { byPlacement } from './placement-order.ts';
import { provenance } from './provenance.ts';
import type { CellLine, Recording } from './recording.ts';

/** What one lab took, in milliseconds, and who stood in it. */
interface LabTimes {
  readonly peer: string;
  readonly topology: string;
  readonly upMs: number;
  /** Of cells that connected, in the order in which they were played. */
  readonly connectingMs: readonly number[];
}

/**
 * Time of a lab and of its cells for each peer and topology, as Markdown. A peer's times are those beside our stack:
 * a lab is up when both of its peers are, and the slower one would speak for the other.
 */
export function timesReport(recording: Recording): string {
  const sorted = labTimes(recording).toSorted(
    (a, b) => (a.peer < b.peer ? -1 : Number(a.peer > b.peer)) || byPlacement(a.topology, b.topology),
  );
  const labs = Map.groupBy(sorted, ({ peer, topology }) => `${peer}\n${topology}`);
  const rows = [...labs.values()].flatMap((these) => {
    const [one] = these;
    if (!one) return [];
    const first = these.flatMap(({ connectingMs }) => connectingMs.slice(0, 1));
    const further = these.flatMap(({ connectingMs }) => connectingMs.slice(1));
    const ups = these.map(({ upMs }) => upMs);
    return [[one.peer, one.topology, ...[ups, first, further].map(spread)]];
  });
  const head = ['peer', 'topology', 'lab up', 'first connecting cell', 'further connecting cells'];
  return [
    'Median / worst (number), in seconds, of a peer beside our stack. A cell includes gathering its evidence.',
    markdownTable(head, rows),
    provenance(recording),
  ].join('\n\n');
}

function labTimes({ labs, cells }: Recording): LabTimes[] {
  return labs.flatMap(({ run, lab, topology, upMs }) => {
    const played = cells.filter((line) => line.run === run && line.lab === lab);
    const [first] = played;
    const peer = first && peerBesideOurs(first);
    if (peer === undefined) return [];
    const connectingMs = played.filter(isConnecting).flatMap(({ cellMs }) => cellMs ?? []);
    return [{ peer, topology, upMs, connectingMs }];
  });
}

/** Whose times a lab's are; `undefined` where our stack has no part in it. */
function peerBesideOurs({ cell }: CellLine): string | undefined {
  const { client, responder, clients } = parseCellId(cell);
  const several = clients === 1 ? '' : `, ${clients} clients`;
  if (isOurs(client) && isOurs(responder)) return `\`ts\` on both sides${several}`;
  if (isOurs(client)) return `\`${peerOf(responder).peer}\` as responder${several}`;
  return isOurs(responder) ? `\`${peerOf(client).peer}\` as client${several}` : undefined;
}

function isConnecting({ verdict, outcomes }: CellLine): boolean {
  return verdict === 'pass' && outcomes.every((outcome) => outcome === 'connected');
}

/** `3.1 / 4.4 (5)`, and of one alone `3.1 (1)`. */
function spread(times: readonly number[]): string {
  const middle = median(times);
  if (middle === undefined) return '·';
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const worst = times.length === 1 ? '' : ` / ${seconds(Math.max(...times))}`;
  return `${seconds(middle)}${worst} (${times.length})`;
}
