import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { condense } from './condense.ts';
import { joined, type Recording, readRecording } from './recording.ts';

/**
 * What these paths record, together: each is a run's directory or its `results.jsonl`, or a recorded file.
 * Throws CrossnatError that names what cannot be read.
 */
export function readInputs(paths: readonly string[]): Recording {
  return joined(paths.map(readInput));
}

function readInput(path: string): Recording {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return condense(path);
  return basename(path) === 'results.jsonl' ? condense(dirname(path)) : readRecording(path);
}
