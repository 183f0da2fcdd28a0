import { join } from 'node:path';
import { peerOf } from '../harness/cell.ts';
import { CrossnatError } from '../harness/error.ts';
import type { CellRecord } from '../harness/record.ts';
import { readRecords } from '../harness/records/read.ts';
import { readSummary } from '../harness/records/read-summary.ts';
import { resultsFileName } from '../harness/records/run-directory.ts';
import type { LabTimes, RunSummary } from '../harness/records/summary.ts';
import { canaryComplaint } from '../harness/runner/canary.ts';
import { type CellLine, type LabLine, type Recording, type RunLine, recordingForm } from './recording.ts';
import { readText } from './text-file.ts';

/**
 * What a run's directory records, in the small form. Throws CrossnatError for a run that did not come to its end,
 * for records of another schema version (naming file and line), and for a run whose canary shows it to be worthless.
 */
export function condense(directory: string): Recording {
  const summary = readSummary(directory);
  const file = join(directory, resultsFileName);
  // Says in its own words that there is none.
  readText(file);
  const records = readRecords(file);
  const cells = records.filter(({ canary }) => !canary);
  const complaint = canaryComplaint(
    cells,
    records.find(({ canary }) => canary),
  );
  if (complaint !== undefined) throw unusable(directory, complaint, 'Find out why, then run the cells again');
  const labs = new Map(summary.labs.map((lab) => [lab.id, lab]));
  return {
    runs: [runLine(summary, cells)],
    labs: summary.labs.map((lab) => labLine(summary.run, lab)),
    cells: cells.map((record) => cellLine(record, labs)),
  };
}

function runLine({ run, startedAt, durationMs, command, notRun }: RunSummary, cells: CellRecord[]): RunLine {
  const [first] = cells;
  const peers: Record<string, string[]> = {};
  for (const { axes, versions } of cells) {
    for (const role of ['client', 'responder'] as const) {
      const { peer } = peerOf(String(axes[role]));
      const version = versions[role];
      // What was not played shows no version.
      if (version === undefined) continue;
      const known = peers[peer] ?? [];
      if (!known.includes(version)) peers[peer] = [...known, version];
    }
  }
  return {
    line: 'run',
    form: recordingForm,
    run,
    startedAt,
    durationMs,
    command,
    notRun,
    machine: first?.host.machine ?? 'unknown',
    engine: first?.host.engine ?? 'unknown',
    checkout: first?.versions.checkout ?? 'unknown',
    peers,
  };
}

function labLine(run: string, { id, topology, upMs, downMs }: LabTimes): LabLine {
  const down = downMs === undefined ? {} : { downMs: Math.round(downMs) };
  return { line: 'lab', run, lab: id, topology, upMs: Math.round(upMs), ...down };
}

function cellLine(record: CellRecord, labs: ReadonlyMap<string, LabTimes>): CellLine {
  const { run, cell, repeat, verdict, why, flaky, disputed, lab, connectMs } = record;
  const clients = [record, ...(record.others ?? [])];
  const cellMs = timeOf(record, labs);
  const reached = record.observed?.stageReached;
  return {
    line: 'cell',
    run,
    cell,
    repeat,
    expected: clients.flatMap(({ expectation }) => (expectation ? [expectedText(expectation)] : [])),
    verdict,
    why,
    outcomes: clients.flatMap(({ observed }) => (observed ? [observed.outcome] : [])),
    ...(reached !== undefined && { reached }),
    ...agreement(record.observed),
    ...(flaky && { flaky }),
    ...(disputed && { disputed }),
    ...(lab && { lab: lab.id }),
    ...(connectMs !== undefined && { connectMs: Math.round(connectMs) }),
    ...(cellMs !== undefined && { cellMs: Math.round(cellMs) }),
  };
}

/** What both ends agreed on; a peer that does not show a part leaves it to the other. */
function agreement(observed: CellRecord['observed']): Partial<CellLine> {
  const said = <K extends 'natTraversal' | 'phase1' | 'phase2' | 'encapsulation'>(key: K) => {
    const value = observed?.client?.[key] ?? observed?.responder?.[key];
    return value === undefined ? {} : { [key]: value };
  };
  return { ...said('natTraversal'), ...said('phase1'), ...said('phase2'), ...said('encapsulation') };
}

function expectedText({ outcome }: NonNullable<CellRecord['expectation']>): string {
  return outcome.kind === 'connect' ? 'connect' : `${outcome.stage}: ${outcome.reason}`;
}

/**
 * How long a cell took in its lab. The record of a lab's first cell includes bringing the lab up; there the summary
 * has the time of the cell alone.
 */
function timeOf(record: CellRecord, labs: ReadonlyMap<string, LabTimes>): number | undefined {
  const { lab, observed, others = [], durationMs } = record;
  if (!lab) return undefined;
  if (lab.state === 'reused') return durationMs;
  const connected = [observed, ...others.map((other) => other.observed)].every((seen) => seen?.traffic);
  const times = labs.get(lab.id);
  return connected ? times?.connectingMs[0] : times?.otherMs[0];
}

function unusable(what: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('bad-data', { doing: `reading ${what}`, found, remedy });
}
