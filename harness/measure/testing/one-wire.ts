import type { WireObservation } from '../../observation.ts';
import type { Topology } from '../../topology.ts';
import { observeWires } from '../wires.ts';

/** What the captures show of the client of a topology that has one alone. Parameters as for `observeWires`. */
export function observeWire(
  files: Readonly<Record<string, string>>,
  topology: Topology,
  droppedByCapture: number,
  innerPrefixes: readonly string[],
): WireObservation {
  const [wire] = observeWires(files, topology, droppedByCapture, innerPrefixes);
  if (!wire) throw new Error(`${topology.name} has no client`);
  return wire;
}
