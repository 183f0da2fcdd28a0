import type { WireObservation } from '../observation.ts';
import type { Topology } from '../topology.ts';
import { observeWire } from './wire.ts';

/**
 * What the captures of a cell show of each of its clients, in the order in which they dial.
 * @param files, topology, droppedByCapture, innerPrefixes as for `observeWire`
 */
export function observeWires(
  files: Readonly<Record<string, string>>,
  topology: Topology,
  droppedByCapture: number,
  innerPrefixes: readonly string[],
): WireObservation[] {
  return [observeWire(files, topology, droppedByCapture, innerPrefixes)];
}
