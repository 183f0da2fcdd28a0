import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { probeFabric } from '../doctor/fabric-probe.ts';
import { CrossnatError } from '../error.ts';
import { dockerFabric } from '../fabric/docker/docker-fabric.ts';
import type { Fabric, FabricProbe } from '../fabric/fabric.ts';
import { stackHash } from '../peers/ts/stack-sources.ts';
import { beginRun, endRun, type Run } from '../reaper/run.ts';
import type { RunDirectory } from '../records/run-directory.ts';
import { runEmbedded } from '../runner/embedded/run.ts';
import type { PlannedCell } from '../runner/plan.ts';
import { type LaneReport, type RunnerOptions, type RunOutcome, runCells } from '../runner/runner.ts';
import { newRunName } from './run-name.ts';
import { partsOn } from './runner-parts.ts';
import type { FabricChoice } from './test-options.ts';
import { projectRoot } from './vitest.ts';

/** What a run is told beside its cells. */
export interface PlayOptions extends RunnerOptions {
  /** Octets that a connection carries each way to prove itself. */
  readonly proofBytes: number;
}

/** A run of cells: what it is called and given, and how it ends. */
export interface Session {
  /** Names the run, its records and everything it starts. */
  readonly run: string;
  /** Plays cells and records each as it ends. */
  play(
    records: RunDirectory,
    cells: readonly PlannedCell[],
    options: PlayOptions,
    signal: AbortSignal,
    report: LaneReport,
  ): Promise<RunOutcome>;
  /** Cells that need containers are nobody's failure: there is no engine, and nobody asked for one. */
  readonly foreignMayWait: boolean;
  /** What the host gives and lacks; comes before anything is started. */
  probe(signal: AbortSignal): Promise<FabricProbe>;
  /** Removes what this run started and did not keep. */
  end(): Promise<void>;
}

/**
 * Begins a run. With `auto` it is on the engine that is reachable, and on the embedded fabric where none is; with
 * `docker` and no engine the fabric says so when it is probed, and every cell is unavailable.
 * @param note one line for the person who waits
 */
export async function openSession(fabric: FabricChoice, note: (text: string) => void): Promise<Session> {
  if (fabric === 'embedded') return embeddedSession(false);
  try {
    const run: Run = await beginRun(projectRoot);
    return {
      run: run.id,
      play: playOn(dockerFabric(run, note)),
      foreignMayWait: false,
      probe: (signal) => probeFabric(run, signal, note),
      end: () => endRun(run),
    };
  } catch (error) {
    if (!(error instanceof CrossnatError) || error.code !== 'unavailable') throw error;
    const lack = { what: `${error.doing}: ${error.found}`, remedy: error.remedy };
    if (fabric === 'auto') {
      note(
        `No containers: ${lack.what}. Playing in this process instead, our own stack alone. ${lack.remedy}`,
      );
      return embeddedSession(true);
    }
    return {
      run: newRunName(),
      play: playOn({ name: 'docker', up: () => Promise.reject(error) }),
      foreignMayWait: false,
      probe: async () => ({ fabric: 'docker', facts: {}, lacks: [lack] }),
      end: async () => {},
    };
  }
}

function embeddedSession(foreignMayWait: boolean): Session {
  const facts = { fabric: `embedded: hosts, wires and NAT in this process, virtual clock, ${process.arch}` };
  return {
    run: newRunName(),
    play: (records, cells, options, signal, report) => {
      const stack = `stack ${stackHash()} on Node ${process.version}`;
      return runEmbedded(records, cells, { ...options, stack }, signal, (event) => report(event, 0));
    },
    foreignMayWait,
    probe: async () => ({ fabric: 'embedded', facts, lacks: [] }),
    end: async () => {},
  };
}

function playOn(fabric: Fabric): Session['play'] {
  return (records, cells, options, signal, report) =>
    runCells(partsOn(fabric, options.proofBytes), records, cells, options, signal, report);
}

/** What the harness itself is, for every record. */
export async function harnessVersions(): Promise<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const git = async (...argv: string[]) => {
    const { stdout, exitCode } = await execa('git', argv, { cwd: projectRoot, reject: false });
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
  const checkout = commit === undefined ? 'no git checkout' : `${commit}${changes ? ' with changes' : ''}`;
  return { crossnat: String(version), node: process.version, checkout };
}
