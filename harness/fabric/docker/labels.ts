/**
 * The marks on every object that the fabric makes. Clean-up reads nothing else, so that it works
 * whichever process died (design: runs live beside each other).
 */
export const label = {
  /** Always `crossnat`. */
  project: 'crossnat.project',
  run: 'crossnat.run',
  lab: 'crossnat.lab',
  topology: 'crossnat.topology',
  /** Hash of the machine's name and the checkout's path: a reaper judges only the runs whose files it can see. */
  checkout: 'crossnat.checkout',
  /** `yes` on a lab that survives its run. */
  keep: 'crossnat.keep',
  /** The topology's node, or `wire`. */
  node: 'crossnat.node',
  /** On images: the folder's name. */
  image: 'crossnat.image',
  /** On images: what their nodes need beside what every node gets. `ppp`, or absent. */
  needs: 'crossnat.needs',
} as const;

/** Who started something: the run's id and its checkout's mark. */
export interface RunIdentity {
  readonly id: string;
  readonly checkout: string;
  /** The run's own directory: scratch files, and marks of labs that are being built. Goes with the run. */
  readonly directory: string;
}

export interface LabMarks {
  readonly lab: string;
  readonly topology: string;
  readonly keep: boolean;
}

export function containerLabels(run: RunIdentity, marks: LabMarks, node: string): Record<string, string> {
  return {
    [label.project]: 'crossnat',
    [label.run]: run.id,
    [label.checkout]: run.checkout,
    [label.lab]: marks.lab,
    [label.topology]: marks.topology,
    [label.keep]: marks.keep ? 'yes' : 'no',
    [label.node]: node,
  };
}

/** The engine's filter for objects with all of these labels. */
export function withLabels(values: Readonly<Record<string, string>>): { label: string[] } {
  return { label: Object.entries(values).map(([key, value]) => `${key}=${value}`) };
}

/** The mark in a run's directory while this lab is being built: a kept lab that still has it was never finished. */
export function buildingMark(lab: string): string {
  return `${lab}.building`;
}
