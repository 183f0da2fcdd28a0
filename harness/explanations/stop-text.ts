import { CrossnatError } from '../error.ts';
import { type Reason, reasons, type Stage, stages } from '../stage.ts';
import { suggestion } from '../suggestion.ts';
import { explanationsAt } from './explain.ts';
import type { Advice, Citation, Explanation, Stop } from './explanation.ts';
import { markOf, type WindowsError, windowsErrors, windowsErrorsAt } from './windows-errors.ts';

/** What `--explain` can be asked for: a step, a step and a reason, or the number that Windows shows. */
export type Question = Stop | WindowsError;

/** Reads `phase2`, `phase2:no-policy` or `809`. Throws a usage error with the nearest name. */
export function readQuestion(text: string): Question {
  if (/^\d+$/.test(text)) return errorNumbered(text);
  const [at = '', why, ...more] = text.split(/\s*:\s*/);
  const stage = stages.find((one) => one === at);
  if (stage === undefined)
    throw unknown(text, `there is no stage ${JSON.stringify(at)}`, suggestion(at, stages));
  if (why === undefined) return { stage };
  const reason = reasons.find((one) => one === why);
  if (reason === undefined || more.length > 0) {
    throw unknown(
      text,
      `there is no reason ${JSON.stringify([why, ...more].join(':'))}`,
      suggestion(why, reasonsAt(stage)),
    );
  }
  return { stage, reason };
}

function errorNumbered(text: string): WindowsError {
  const found = windowsErrors.find(({ number }) => String(number) === text);
  if (found) return found;
  const numbers = windowsErrors.map(({ number }) => String(number));
  throw unknown(text, `nothing is known of the Windows error ${text}`, suggestion(text, numbers));
}

/** Those that have an explanation at this step; all where none has. */
function reasonsAt(stage: Stage): readonly Reason[] {
  const known = explanationsAt({ stage }).flatMap(({ at }) =>
    at.flatMap((stop) => (stop.stage === stage && stop.reason ? [stop.reason] : [])),
  );
  return known.length > 0 ? [...new Set(known)] : reasons;
}

function unknown(text: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', {
    doing: `reading what to explain, ${JSON.stringify(text)}`,
    found,
    remedy: `${remedy}. Write --explain phase2, --explain phase2:no-policy, or the number of a Windows error`,
  });
}

/** A stop with everything that is known of it. */
export interface Answer {
  readonly stop: Stop;
  readonly windowsErrors: readonly WindowsError[];
  readonly explanations: readonly Explanation[];
}

/** Everything that is known of what was asked, stop by stop. */
export function answer(question: Question): Answer[] {
  return stopsOf(question).map((stop) => ({
    stop,
    windowsErrors: windowsErrorsAt(stop),
    explanations: explanationsAt(stop),
  }));
}

/** The answer in lines: each explanation with its circumstances and sources. */
export function answerLines(question: Question): string[] {
  const title =
    'number' in question
      ? [`Windows error ${question.number}: ${question.says}`, `  ${sourcesText(question.sources)}`, '']
      : [];
  const answers = answer(question).map(({ stop, explanations }) => [
    `${stopText(stop)}${errorsText(stop)}`,
    ...explanations.flatMap((explanation) => [
      ...linesOf(explanation).map((line) => `  ${line}`),
      `    ${sourcesText(explanation.sources)}`,
    ]),
    ...(explanations.length === 0 ? ['  No rule expects a stop here for this reason.'] : []),
  ]);
  return [...title, ...answers.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))];
}

function stopsOf(question: Question): readonly Stop[] {
  if ('number' in question) return question.at;
  if (question.reason !== undefined) return [question];
  return stopsAt(question.stage);
}

/** Every reason that has an explanation at this step; the step alone where none has. */
export function stopsAt(stage: Stage): readonly Stop[] {
  const known = reasonsAt(stage).filter((reason) => explanationsAt({ stage, reason }).length > 0);
  const explained = explanationsAt({ stage }).some(({ at }) =>
    at.some((stop) => stop.stage === stage && stop.reason),
  );
  return explained ? known.map((reason) => ({ stage, reason })) : [{ stage }];
}

/** What it means, with where that holds, and below it what to do. */
export function linesOf({ where, means, remedies }: Advice): string[] {
  const place = where === undefined ? '' : `[${where.join(', ')}] `;
  return [`${place}${means}`, ...remedies.map((remedy) => `- ${remedy}`)];
}

export function stopText({ stage, reason }: Stop): string {
  return reason === undefined ? stage : `${stage}: ${reason}`;
}

/** `  (Windows may show 809 since Vista; 792 on XP, from memory)`, the surest first; empty where none is known. */
export function errorsText(stop: Stop): string {
  const found = windowsErrorsAt(stop).toSorted(
    (a, b) => Number(markOf(a) === 'R') - Number(markOf(b) === 'R'),
  );
  return found.length === 0 ? '' : `  (Windows may show ${found.map(errorText).join('; ')})`;
}

function errorText(error: WindowsError): string {
  const systems = { XP: ' on XP', 'Vista and later': ' since Vista', all: '' }[error.systems];
  return `${error.number}${systems}${markOf(error) === 'R' ? ', from memory' : ''}`;
}

export function sourcesText(sources: readonly Citation[]): string {
  return sources
    .map(({ title, confidence }) => (confidence === 'R' ? 'from memory [R]' : `${title} [${confidence}]`))
    .join('; ');
}
