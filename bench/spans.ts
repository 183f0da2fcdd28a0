import type { CellRecord } from '../harness/record.ts';

/** One piece of work that was waited for, in milliseconds of one clock. */
export interface Span {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** What one step took over several cells, in milliseconds. */
export interface StepTimes {
  readonly what: string;
  /** Median start, since the cell began. */
  readonly from: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * The account of one cell that has just ended, from its beginning: the cell itself, what was waited for in it, and
 * the stages as the client told them.
 */
export function cellAccount(record: CellRecord, endedAt: number, spans: readonly Span[]): Span[] {
  const start = endedAt - record.durationMs;
  const within = spans
    .filter(({ from }) => from >= start)
    .map(({ what, from, to }) => ({ what, from: from - start, to: to - start }));
  let from = within.find(({ what }) => what === 'client: connect')?.from ?? 0;
  const connecting = from;
  const stages = (record.observed?.client?.stages ?? []).flatMap(({ stage, atMs }) => {
    if (atMs === undefined) return [];
    const span = { what: `  stage ${stage}`, from, to: connecting + atMs };
    from = span.to;
    return [span];
  });
  return [{ what: 'cell', from: 0, to: record.durationMs }, ...within, ...stages];
}

/**
 * The steps of several cells that went the same way, in the order in which they begin: the first step of a name in
 * one cell is compared with the first of that name in the others, the second with the second.
 */
export function stepTimes(cells: readonly (readonly Span[])[]): StepTimes[] {
  const steps = [...Map.groupBy(cells.flatMap(numbered), ({ what }) => what)].map(([what, spans]) => {
    const took = spans.map(({ from, to }) => to - from);
    return {
      what,
      from: median(spans.map(({ from }) => from)),
      median: median(took),
      least: Math.min(...took),
      most: Math.max(...took),
    };
  });
  return steps.sort((a, b) => a.from - b.from);
}

function numbered(spans: readonly Span[]): Span[] {
  const seen = new Map<string, number>();
  return [...spans]
    .sort((a, b) => a.from - b.from)
    .map((span) => {
      const number = (seen.get(span.what) ?? 0) + 1;
      seen.set(span.what, number);
      return number === 1 ? span : { ...span, what: `${span.what} (${number})` };
    });
}

/** The middle value, or the upper of the two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
