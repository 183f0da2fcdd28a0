import type { PeerObservation } from '../../../observation.ts';
import { type Stage, stageIndex, stages } from '../../../stage.ts';

/** The stages that an end shows as done. That one is stopped may mean that nobody has called yet. */
export function doneIn({ stages: shown }: PeerObservation): Stage[] {
  return shown.flatMap(({ stage, state }) => (state === 'done' ? [stage] : []));
}

/** What is wrong with what a client tells on its way, in words: they are stages, and there are some. */
export function progressComplaints(told: readonly string[]): string[] {
  if (told.length === 0) return ['it tells of no stage while it connects'];
  const known: readonly string[] = stages;
  return told
    .filter((stage) => !known.includes(stage))
    .map((stage) => `it tells of ${stage}, which is no stage`);
}

/** What is wrong with what a client with a wrong key shows: it comes no further than phase 1, and can say why. */
export function stopComplaints({ stages: shown }: PeerObservation): string[] {
  const last = shown.at(-1);
  if (last?.state !== 'stopped') return ['its key is wrong, and it does not say that it stopped'];
  return [
    ...(stageIndex(last.stage) <= stageIndex('phase1')
      ? []
      : [`its key is wrong, and it says that it stopped at ${last.stage}`]),
    ...(last.reason === undefined || last.reason === 'unknown' ? ['it gives no reason for its stop'] : []),
  ];
}
