import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import type { Fabric, LabNode } from '../../../fabric/fabric.ts';
import { observeWires } from '../../../measure/wires.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import type { CellRecord } from '../../../record.ts';
import type { Recorder, RunnerParts } from '../../../runner/parts.ts';
import { plan } from '../../../runner/plan.ts';
import { runCells } from '../../../runner/runner.ts';
import { loadTopology } from '../../../topologies.ts';
import { judgeClients } from '../../../verdict/judge.ts';
import type { PeerDriver } from '../../peer.ts';
import { peers } from '../../registry.ts';
import { exampleSettings } from '../../testing/settings.ts';
import type { Role } from './opposite.ts';

/** Where a peer's programs run, and the node that they are in: two places where it has a kernel of its own. */
export interface Place {
  readonly programs: LabNode;
  readonly node: LabNode;
}
export type Places = Readonly<Record<Role, Place>>;
export type Harm = (places: Places) => Promise<void>;

export interface HarmedRun {
  readonly record: CellRecord;
  /** What was written beside the record, by the names of the files. */
  readonly written: ReadonlyMap<string, string>;
}

/**
 * Plays one cell as a run does, also one that a peer declines. When its client has told of its first stage, harm is
 * done. A cell that connects in spite of it has no proof of traffic here, and is broken for that.
 * @throws Error where the client told of nothing, although harm was to be done: the run shows nothing of it
 */
export async function harmedRun(fabric: Fabric, cell: Cell, harm?: Harm): Promise<HarmedRun> {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-harmed-'));
  const records: CellRecord[] = [];
  const written = new Map<string, string>();
  let begun = false;
  const doHarm: Harm = async (places) => {
    begun = true;
    await harm?.(places);
  };
  const recorder: Recorder = {
    run: 'harmed',
    path: directory,
    cellDirectory: (name) => name.replaceAll('/', '_'),
    append: (record) => void records.push(record),
    writeFile: (file, text) => void written.set(file, text),
  };
  const options = {
    seed: 'harmed',
    keep: false,
    jobs: 1,
    bail: false,
    throughput: false,
    keys: false,
    attemptUnsupported: true,
    versions: {},
    probe: { fabric: 'docker', facts: {}, lacks: [] },
  } as const;
  try {
    const parts = partsWith(fabric, doHarm);
    const signal = new AbortController().signal;
    const { failure } = await runCells(parts, recorder, plan([cell], 1), options, signal, () => {});
    if (failure) throw failure.error;
    const record = records.find(({ canary }) => !canary);
    if (!record || (harm && !begun)) throw new Error(`no harm was done: ${record?.why ?? 'no record'}`);
    return { record, written };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What a run has, but for proofs of traffic. */
function partsWith(fabric: Fabric, harm: Harm): RunnerParts {
  const connected = () => Promise.reject(new Error('it connected all the same'));
  const places: Partial<Record<Role, Place>> = {};
  return {
    fabric,
    peers: new Map([...peers].map(([name, driver]) => [name, harmed(driver, places, harm)])),
    loadTopology,
    expect: (cell, topology) => [expectationFor(factsOf(cell, topology, 0))],
    settings: ({ psk, user }, { dial }) => {
      const settings = { ...exampleSettings(dial), user, timerFactor: 1 };
      return psk === 'good' ? settings : { ...settings, clientPreSharedKey: 'another' };
    },
    proveTraffic: connected,
    pingAgain: connected,
    pingBack: connected,
    sustain: connected,
    boxDrops: async () => [],
    observeWire: async ({ result: { files, droppedByCapture }, topology }) =>
      observeWires(files, topology, droppedByCapture, []),
    keyTables: () => undefined,
    judge: judgeClients,
  };
}

/** The driver of peers in whose first stage harm is done. */
function harmed(driver: PeerDriver, places: Partial<Record<Role, Place>>, harm: Harm): PeerDriver {
  return {
    ...driver,
    start: async (node, context) => {
      const peer = await driver.start(node, context);
      places[context.role] = { programs: peer.proofNode ?? node, node };
      const connect = peer.connect.bind(peer);
      peer.connect = async (signal, progress) => {
        const { client, responder } = places;
        if (!client || !responder) throw new Error('one of the two was not started');
        let done: Promise<void> | undefined;
        await connect(signal, (stage) => {
          done ??= harm({ client, responder });
          progress(stage);
        });
        await done;
      };
      return peer;
    },
  };
}
