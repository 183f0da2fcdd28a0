import { commandTable } from './commands/table.ts';
import { badScript, type Complaint, redact } from './complaint.ts';
import { lex } from './lexer.ts';
import { parseCommand } from './parse-command.ts';
import { danglingReferences } from './references.ts';
import { emptyRouter, type KeyCharacters, type Router } from './router.ts';

/** What became of one command of a script. Continuation lines belong to the line that they continue. */
export interface LineReport {
  readonly line: number;
  /** As typed, without secrets. */
  readonly text: string;
  readonly state: 'takes effect' | 'not modelled' | 'rejected by the router';
  readonly what: string;
  readonly notes: readonly string[];
}

/**
 * Plays a script on an empty router. Throws CrossnatError `bad-data` that lists every complaint with
 * line, reason and text: unknown words, impossible values, references to what is not there.
 * @param keyCharacters what this router lets a pre-shared key be made of
 */
export function interpret(
  script: string,
  keyCharacters: KeyCharacters = 'any',
): { router: Router; report: readonly LineReport[] } {
  const { commands, complaints: lexical } = lex(script);
  const router = emptyRouter(keyCharacters);
  const complaints: Complaint[] = [...lexical];
  const report: LineReport[] = [];
  for (const command of commands) {
    const parsed = parseCommand(command, commandTable);
    if (!parsed.ok) {
      complaints.push(...parsed.complaints);
      continue;
    }
    const place = { line: command.line, text: command.text };
    const outcome = parsed.form.run(parsed.values, router, place);
    if (outcome.state === 'refused') {
      complaints.push({ ...place, reason: outcome.reason });
      continue;
    }
    const unmodelled = parsed.unmodelled.map((keyword) => `${keyword} is not modelled`);
    const notes = outcome.state === 'takes effect' ? [...(outcome.notes ?? []), ...unmodelled] : unmodelled;
    report.push({
      line: command.line,
      text: redact(command.text),
      state: outcome.state,
      what: outcome.what,
      notes,
    });
  }
  // A command that was refused leaves references dangling that are not themselves wrong.
  if (complaints.length === 0) complaints.push(...danglingReferences(router));
  if (complaints.length > 0) throw badScript(complaints);
  return { router, report };
}
