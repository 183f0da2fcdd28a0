import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CrossnatError } from '../error.ts';
import { type RunSummary, summaryFileName, summarySchema } from './summary.ts';

/** The summary of a run's directory. Throws where there is none that is whole and of this version. */
export function readSummary(directory: string): RunSummary {
  const file = join(directory, summaryFileName);
  if (!existsSync(file)) throw unreadable(file, 'it is not there: the run did not come to its end');
  const read = summarySchema.safeParse(parsed(file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadable(file, `it is no summary of this version (${issue?.path.join('.')}: ${issue?.message})`);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, 'it is no JSON', cause);
  }
}

function unreadable(file: string, found: string, cause?: unknown): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `reading ${file}`,
    found,
    remedy: `npm test -- --resume ${dirname(file)} brings the run to its end`,
    cause,
  });
}
