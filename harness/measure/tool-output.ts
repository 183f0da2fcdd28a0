import { CrossnatError } from '../error.ts';

/** The error for a tool's output that is not what its documentation says, naming the place. */
export function unreadable(tool: string, place: string, text: string): CrossnatError {
  return new CrossnatError('broken', {
    doing: `reading the output of ${tool}`,
    found: `${place}: ${text.trim().slice(0, 200) || '(nothing)'}`,
    remedy: 'Compare the tool in the image with the version that the box image names',
  });
}

/** The middle value; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
