import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { worksAfterAll } from '../record.ts';
import type { RunEvent } from '../runner/parts.ts';
import { seconds, verdictText } from './summary-text.ts';

/** Shows a run as it goes. */
export interface Live {
  /** `lane`: which of the labs that stand at once it is about, from 0. */
  onEvent(event: RunEvent, lane?: number): void;
  /** Leaves these lines on the screen, and moves nothing below them until the next event: a person is to read and type. */
  hold(lines: readonly string[]): void;
  /** Leaves the screen to others. */
  end(): void;
}

/** A line for each cell that ended, and on a terminal below them one for each lane that moves: cell, step, seconds. */
export function liveProgress(output: WriteStream): Live {
  return output.isTTY ? new MovingLine(output) : new PlainLines(output);
}

class PlainLines implements Live {
  readonly #output: WriteStream;

  constructor(output: WriteStream) {
    this.#output = output;
  }

  onEvent(event: RunEvent): void {
    const line = lastingLine(event);
    if (line !== undefined) this.#output.write(`${line}\n`);
  }

  hold(lines: readonly string[]): void {
    this.#output.write(`${lines.join('\n')}\n`);
  }

  end(): void {}
}

class MovingLine implements Live {
  readonly #output: WriteStream;
  /** Cuts what is higher than the screen: what is to stay goes past it. */
  readonly #line: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #isHeld = false;
  /** What each lane does, and since when. */
  readonly #lanes = [{ what: 'starting', since: performance.now() }];

  constructor(output: WriteStream) {
    this.#output = output;
    this.#line = createLogUpdate(output);
    // Seconds move on while a step does not.
    this.#timer = setInterval(() => this.#draw(), 200).unref();
  }

  onEvent(event: RunEvent, number = 0): void {
    this.#isHeld = false;
    const line = lastingLine(event);
    if (line !== undefined) this.#leave(line);
    const before = this.#lanes[number];
    const isNew = event.event === 'cell-started' || before === undefined;
    this.#lanes[number] = {
      what: movingText(event) ?? before?.what ?? '',
      since: isNew ? performance.now() : before.since,
    };
    this.#draw();
  }

  hold(lines: readonly string[]): void {
    this.#leave(lines.join('\n'));
    this.#isHeld = true;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#line.clear();
    this.#line.done();
  }

  /** Stays above what moves. */
  #leave(text: string): void {
    this.#line.clear();
    this.#output.write(`${text}\n`);
  }

  #draw(): void {
    if (this.#isHeld) return;
    const lines = this.#lanes.map(
      ({ what, since }) => `${pc.cyan(seconds(performance.now() - since).padStart(7))}  ${what}`,
    );
    this.#line(lines.join('\n'));
  }
}

/** What stays on the screen. */
export function lastingLine(event: RunEvent): string | undefined {
  if (event.event === 'cell-again') return pc.yellow(`  again on a fresh lab: ${event.cell}: ${event.why}`);
  if (event.event !== 'cell-ended') return undefined;
  const { record } = event;
  const time = seconds(record.durationMs).padStart(7);
  if (record.canary) return pc.dim(`${time}  canary ${record.verdict}: ${record.cell}`);
  const why = record.verdict === 'pass' ? '' : `  ${pc.dim(record.why)}`;
  const after = worksAfterAll(record) ? pc.red('  works after all') : '';
  return `${time}  ${verdictText(record)}  ${record.cell}${record.repeat > 1 ? ` @${record.repeat}` : ''}${why}${after}`;
}

function movingText(event: RunEvent): string | undefined {
  switch (event.event) {
    case 'note':
      return event.text;
    case 'lab-coming-up':
      return `${event.topology}: coming up`;
    case 'lab-going-down':
      return `${event.topology}: going down`;
    case 'cell-started':
      return `${event.number}/${event.of}  ${event.cell}`;
    case 'step':
      return `${event.cell}  ${event.step}`;
    default:
      return undefined;
  }
}
