import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** A line of the engine's progress while it builds, pulls or imports. */
const lineSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
});

/** Reads the engine's progress to its end. Rejects with its own words where it reports an error. */
export async function followProgress(
  stream: NodeJS.ReadableStream,
  onLine: (text: string) => void,
): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line === '') continue;
    const { stream: built, status, error } = lineSchema.parse(JSON.parse(line));
    if (error !== undefined) throw new Error(error);
    const text = stripVTControlCharacters(built ?? status ?? '').trimEnd();
    if (text !== '') onLine(text);
  }
}
