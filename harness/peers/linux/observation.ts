import type { PeerObservation } from '../../observation.ts';
import { connectionSteps, stageIndex } from '../../stage.ts';
import type { IkeReading, L2tpReading, StageSeen } from './reading.ts';
import type { KernelSa } from './xfrm-state.ts';

/** Everything that a peer on Linux shows of a connection from inside. */
export interface Findings {
  readonly peer: string;
  readonly version: string;
  readonly ike: IkeReading;
  readonly l2tp: L2tpReading;
  /** What the kernel has now. */
  readonly sas: readonly KernelSa[];
  /** When the client was told to dial, on the clock of the log; absent at a responder. */
  readonly dialledAt: number | undefined;
}

type StageEntry = PeerObservation['stages'][number];

/** Reads what was found into the form that all peers share. */
export function observationOf(found: Findings): PeerObservation {
  const { peer, version, ike, l2tp } = found;
  const inbound = found.sas.find(({ spi }) => spi === ike.spis?.inbound);
  const outbound = found.sas.find(({ spi }) => spi === ike.spis?.outbound);
  const sas = [inbound ? [shownSa('in', inbound)] : [], outbound ? [shownSa('out', outbound)] : []].flat();
  // Counted by the kernel, which knows no time: L2TP's first answer follows at once.
  const esp: StageSeen[] = inbound && inbound.packets > 0 ? [{ stage: 'esp', state: 'done' }] : [];
  const shown = [...ike.stages, ...esp, ...l2tp.stages].toSorted(
    (a, b) => stageIndex(a.stage) - stageIndex(b.stage),
  );
  const stop = shown.findIndex(({ state }) => state === 'stopped');
  const stages = stop === -1 ? shown : shown.slice(0, stop + 1);
  const start = found.dialledAt ?? shown.find(({ at }) => at !== undefined)?.at ?? 0;
  const { natSeen, natTraversal, phase1, phase2, spis } = ike;
  return {
    peer,
    version,
    stages: [...stages, ...giveUp(found, stages)].map((stage) => entry(stage, start)),
    ...(natSeen && { natSeen }),
    ...(natTraversal !== undefined && { natTraversal }),
    ...(phase1 !== undefined && { phase1 }),
    ...(phase2 !== undefined && { phase2 }),
    ...(inbound && { encapsulation: inbound.encapsulation }),
    ...(spis && { spis }),
    ...(sas.length > 0 && { sas }),
    ...(l2tp.ids && { l2tp: l2tp.ids }),
    ...(l2tp.callEnd && { callEnd: l2tp.callEnd }),
    ...(l2tp.innerAddress !== undefined && { innerAddress: l2tp.innerAddress }),
    ...(l2tp.peerInnerAddress !== undefined && { peerInnerAddress: l2tp.peerInnerAddress }),
    dns: [...l2tp.dns],
    unanswered: [...ike.unanswered, ...l2tp.unanswered],
    warnings: disagreements(phase2, inbound),
  };
}

function shownSa(direction: 'in' | 'out', sa: KernelSa): NonNullable<PeerObservation['sas']>[number] {
  const { spi, algorithms, encapsulation, packets, octets } = sa;
  return { direction, spi, algorithms, encapsulation, packets, octets };
}

function entry({ stage, state, at, reason, detail = '' }: StageSeen, start: number): StageEntry {
  return {
    stage,
    state,
    ...(at !== undefined && { atMs: Math.round((at - start) * 10) / 10 }),
    ...(reason !== undefined && { reason }),
    detail,
  };
}

/** Where a client that dialled stopped, when no line says that it was refused. A responder only watches. */
function giveUp({ dialledAt, ike, l2tp, sas }: Findings, stages: readonly StageSeen[]): StageSeen[] {
  if (dialledAt === undefined || stages.some(({ state }) => state === 'stopped')) return [];
  const missing = connectionSteps.find((step) => !stages.some(({ stage }) => stage === step));
  if (missing === undefined) return [];
  const state = 'stopped' as const;
  if (missing === 'esp') {
    const sent = sas.find(({ spi }) => spi === ike.spis?.outbound)?.packets ?? 0;
    const detail = `${sent} ESP packets sent, none came back`;
    return [{ stage: 'esp', state, reason: sent > 0 ? 'esp-dropped' : 'unknown', detail }];
  }
  const silent = [...ike.unanswered, ...l2tp.unanswered].at(-1);
  return silent
    ? [
        {
          stage: missing,
          state,
          reason: 'no-answer',
          detail: `${silent.what} sent ${silent.transmissions} times`,
        },
      ]
    : [{ stage: missing, state, reason: 'unknown', detail: 'no line of the logs says why' }];
}

/** The daemon's word and the kernel's SA are two witnesses of the same transform. */
function disagreements(phase2: string | undefined, inbound: KernelSa | undefined): string[] {
  if (phase2 === undefined || inbound === undefined || inbound.algorithms === phase2) return [];
  return [`the daemon says ${phase2}, the kernel's SA is ${inbound.algorithms}`];
}
