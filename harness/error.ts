/**
 * An error for the person at the keyboard: what was being done, what was found, what to do.
 * The command line prints these without a stack trace; anything else that is thrown is a bug and keeps its trace.
 */
export class CrossnatError extends Error {
  override readonly name = 'CrossnatError';
  readonly code: ErrorCode;
  readonly doing: string;
  readonly found: string;
  readonly remedy: string;

  constructor(code: ErrorCode, parts: { doing: string; found: string; remedy: string; cause?: unknown }) {
    super(`${parts.doing}: ${parts.found}. ${parts.remedy}`, { cause: parts.cause });
    this.code = code;
    this.doing = parts.doing;
    this.found = parts.found;
    this.remedy = parts.remedy;
  }
}

/** `usage` ends the run with exit status 2, `unavailable` gives cells that verdict, the others `broken`. */
export type ErrorCode = 'usage' | 'bad-data' | 'unavailable' | 'broken' | 'interrupted';
