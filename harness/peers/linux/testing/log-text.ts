import type { LogLine } from '../peer-log.ts';

/** Lines `1.234 program: text`, as a peer's log is written into a record. */
export function logLines(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    const [, seconds, program, said] = /^(\d+\.\d+) (\w+): (.*)$/.exec(line) ?? [];
    if (seconds === undefined || program === undefined || said === undefined) return [];
    return [{ at: Math.round(Number(seconds) * 1000), program, text: said }];
  });
}

/** Lines of one program, a millisecond apart. */
export function linesOf(program: string, ...texts: string[]): LogLine[] {
  return texts.map((text, at) => ({ program, text, at }));
}
