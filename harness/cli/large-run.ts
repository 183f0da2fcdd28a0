import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import { type CellRecord, failsWhenPlayed, worksAfterAll } from '../record.ts';
import { countVerdicts } from '../records/summary.ts';
import type { RunEvent } from '../runner/parts.ts';
import { type Live, lastingLine } from './live.ts';
import { countsText, seconds } from './summary-text.ts';

/** A counter moves so often on a terminal; where there is none it is a line now and then. Milliseconds. */
const onTerminalMs = 200;
const elsewhereMs = 10_000;
/** Cells that are shown as they come; what is said at the end tells more of many than their names do. */
const mostLines = 20;

/**
 * Shows a run of many cells: a line for each of the first that are not as expected, and a counter with verdicts, and
 * cells per second.
 */
export function largeRunProgress(output: WriteStream, of: number): Live {
  return new LargeRun(output, of);
}

class LargeRun implements Live {
  readonly #output: WriteStream;
  readonly #of: number;
  readonly #began = performance.now();
  readonly #line: ReturnType<typeof createLogUpdate> | undefined;
  readonly #timer: NodeJS.Timeout;
  #counts = countVerdicts([]);
  #played = 0;
  #isHeld = false;
  #lines = 0;

  constructor(output: WriteStream, of: number) {
    this.#output = output;
    this.#of = of;
    this.#line = output.isTTY ? createLogUpdate(output) : undefined;
    this.#timer = setInterval(() => this.#draw(), this.#line ? onTerminalMs : elsewhereMs).unref();
  }

  onEvent(event: RunEvent): void {
    this.#isHeld = false;
    if (event.event === 'cell-ended' && !event.record.canary) {
      this.#played += 1;
      this.#counts = { ...this.#counts, [event.record.verdict]: this.#counts[event.record.verdict] + 1 };
    }
    const line = isWorthALine(event) ? lastingLine(event) : undefined;
    if (line === undefined) return;
    this.#lines += 1;
    if (this.#lines > mostLines + 1) return;
    this.#line?.clear();
    const isLast = this.#lines > mostLines;
    this.#output.write(
      `${isLast ? '         further ones are counted, and results.jsonl has them' : line}\n`,
    );
  }

  hold(lines: readonly string[]): void {
    this.#line?.clear();
    this.#output.write(`${lines.join('\n')}\n`);
    this.#isHeld = true;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#line?.clear();
    this.#line?.done();
    this.#output.write(`${this.#text()}\n`);
  }

  #draw(): void {
    if (this.#isHeld) return;
    if (this.#line) this.#line(this.#text());
    else this.#output.write(`${this.#text()}\n`);
  }

  #text(): string {
    const ms = performance.now() - this.#began;
    const rate = ms > 0 ? Math.round((this.#played * 1000) / ms) : 0;
    return `${seconds(ms).padStart(7)}  ${this.#played}/${this.#of}  ${countsText(this.#counts)}  ${rate} cells/s`;
  }
}

/** What is not as expected, or was played again; the canary fails as it must. */
function isWorthALine(event: RunEvent): boolean {
  if (event.event !== 'cell-ended') return event.event === 'cell-again';
  return isUnexpected(event.record);
}

function isUnexpected(record: CellRecord): boolean {
  if (record.canary) return record.verdict !== 'fail';
  const isFine = ['pass', 'unsupported', 'unavailable'].includes(record.verdict) && !record.flaky;
  return !isFine || worksAfterAll(record) || failsWhenPlayed(record);
}
