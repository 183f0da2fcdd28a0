import { z } from 'zod';
import type { CommandForm, PathStep } from './command.ts';
import type { Complaint } from './complaint.ts';
import { matchKeyword } from './keyword.ts';
import type { Command, Word } from './lexer.ts';

export type ParsedCommand =
  | {
      readonly ok: true;
      readonly form: CommandForm;
      readonly values: unknown;
      readonly unmodelled: readonly string[];
    }
  | { readonly ok: false; readonly complaints: readonly Complaint[] };

/** Finds the form of a command by its leading keywords and reads its values. */
export function parseCommand(command: Command, forms: readonly CommandForm[]): ParsedCommand {
  const [first] = command.words;
  if (first === undefined) return { ok: false, complaints: [{ ...command, reason: 'the command is empty' }] };
  const given = new Map<string, Word>();
  const words = [...command.words];
  let candidates = forms;
  let depth = 0;
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const step = nextStep(word, candidates, depth);
    if (!step.ok) {
      if (candidates.some((form) => form.path.length === depth)) break;
      return { ok: false, complaints: [{ ...word, reason: step.reason }] };
    }
    candidates = candidates.filter((form) => sameStep(form.path[depth], step.step));
    depth++;
    words.shift();
    if (step.step.takes === 'nothing') continue;
    const { own, rest } = cutRunTogether(word, step.step, candidates);
    given.set(step.step.keyword, own);
    if (rest) words.unshift(rest);
  }
  const form = candidates.find((candidate) => candidate.path.length === depth);
  if (form === undefined) {
    const missing = distinct(candidates, depth).map(stepText).join(', ');
    return {
      ok: false,
      complaints: [{ ...command, reason: `the command stops short: ${missing} may follow` }],
    };
  }
  return readParameters(command, form, given, words);
}

type StepMatch =
  | { readonly ok: true; readonly step: PathStep }
  | { readonly ok: false; readonly reason: string };

function nextStep(word: Word, candidates: readonly CommandForm[], depth: number): StepMatch {
  const steps = distinct(candidates, depth);
  const bare = steps.find((step) => step.takes === 'bare value');
  if (bare && word.value === undefined) return { ok: true, step: bare };
  const match = matchKeyword(word.keyword, [...new Set(steps.map((step) => step.keyword))]);
  if (!match.ok) return match;
  const takes = word.value === undefined ? 'nothing' : 'value';
  const step = steps.find((one) => one.keyword === match.keyword && one.takes === takes);
  if (step) return { ok: true, step };
  const reason = takes === 'value' ? `${match.keyword} takes no value` : `${match.keyword} needs a value`;
  return { ok: false, reason };
}

function readParameters(
  command: Command,
  form: CommandForm,
  given: Map<string, Word>,
  words: Word[],
): ParsedCommand {
  const complaints: Complaint[] = [];
  const unmodelled: string[] = [];
  const inPath = new Set(form.path.filter((step) => step.takes !== 'nothing').map((step) => step.keyword));
  const modelled = Object.keys(form.values).filter((keyword) => !inPath.has(keyword));
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const match = matchKeyword(word.keyword, [...modelled, ...form.unmodelled]);
    if (!match.ok) complaints.push({ ...word, reason: match.reason });
    else if (word.value === undefined) complaints.push({ ...word, reason: `${match.keyword} needs a value` });
    else if (form.unmodelled.includes(match.keyword)) unmodelled.push(match.keyword);
    else if (given.has(match.keyword))
      complaints.push({ ...word, reason: `${match.keyword} is given twice` });
    else {
      const { own, rest } = cutRunTogether(word, { keyword: match.keyword, takes: 'value' }, [form]);
      given.set(match.keyword, own);
      if (rest) words.unshift(rest);
    }
  }
  const values = schemaOf(form).safeParse(valuesOf(given));
  for (const issue of values.error?.issues ?? []) {
    complaints.push(valueComplaint(command, given, String(issue.path[0]), issue.message));
  }
  if (complaints.length > 0 || !values.success) return { ok: false, complaints };
  return { ok: true, form, values: values.data, unmodelled };
}

/** Made once for each form: making a schema takes longer than reading a whole script. */
const schemas = new WeakMap<CommandForm, z.ZodObject>();

function schemaOf(form: CommandForm): z.ZodObject {
  const schema = schemas.get(form) ?? z.object(form.values);
  schemas.set(form, schema);
  return schema;
}

function valueComplaint(
  command: Command,
  given: ReadonlyMap<string, Word>,
  keyword: string,
  expects: string,
): Complaint {
  const word = given.get(keyword);
  if (word === undefined) return { ...command, reason: `${keyword} is missing` };
  const value = textOf(word);
  if (/<[^>]*>/.test(value)) return { ...word, reason: `the placeholder ${value} has not been filled in` };
  return { ...word, reason: `${keyword}=${value}: ${expects}` };
}

/**
 * The printed script runs two parameters together (`bundle=1key=ISAKMP`). Where a value is impossible
 * as it stands, is not quoted and begins with a possible number, the router is taken to stop reading
 * the number at the first letter.
 */
function cutRunTogether(
  word: Word,
  step: PathStep,
  candidates: readonly CommandForm[],
): { own: Word; rest?: Word } {
  const kind = candidates[0]?.values[step.keyword];
  const parts = word.quoted ? null : /^(\d+)([a-z]+)=(.*)$/i.exec(word.value ?? '');
  const [, head, keyword, value] = parts ?? [];
  if (!kind || head === undefined || keyword === undefined || value === undefined) return { own: word };
  const fits = (text: string) => z.safeParse(kind, text).success;
  if (fits(word.value ?? '') || !fits(head)) return { own: word };
  return { own: { ...word, value: head }, rest: { ...word, keyword, value } };
}

function textOf(word: Word): string {
  return word.value ?? word.keyword;
}

function valuesOf(given: ReadonlyMap<string, Word>): Record<string, string> {
  return Object.fromEntries([...given].map(([keyword, word]) => [keyword, textOf(word)]));
}

function distinct(candidates: readonly CommandForm[], depth: number): PathStep[] {
  const found: PathStep[] = [];
  for (const { path } of candidates) {
    const step = path[depth];
    if (step && !found.some((one) => sameStep(one, step))) found.push(step);
  }
  return found;
}

function sameStep(a: PathStep | undefined, b: PathStep): boolean {
  return a?.keyword === b.keyword && a.takes === b.takes;
}

function stepText(step: PathStep): string {
  return step.takes === 'value' ? `${step.keyword}=` : step.keyword;
}
