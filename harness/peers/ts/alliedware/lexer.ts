import type { Complaint, Place } from './complaint.ts';

/** One blank-separated piece of a command: `lport=1701`, `ipsec`, `name="IPSec Gateway"`. */
export interface Word extends Place {
  readonly keyword: string;
  /** What follows the first `=`, without its quotes; absent where there is no `=`. */
  readonly value: string | undefined;
  readonly quoted: boolean;
}

export interface Command extends Place {
  readonly words: readonly Word[];
}

/**
 * Splits a script into commands. A line that begins with `#` is a comment; an indented line continues
 * the command before it; quotes and angle brackets (the How-To's placeholders) hold blanks together.
 */
export function lex(script: string): { commands: readonly Command[]; complaints: readonly Complaint[] } {
  const commands: (Place & { words: Word[] })[] = [];
  const complaints: Complaint[] = [];
  let open: (Place & { words: Word[] }) | undefined;
  for (const [index, raw] of script.split(/\r?\n/).entries()) {
    const text = raw.trimEnd();
    const place = { line: index + 1, text };
    if (text === '' || /^\s*#/.test(text)) {
      open = undefined;
      continue;
    }
    const { words, complaint } = wordsOf(place);
    if (complaint) complaints.push({ ...place, reason: complaint });
    if (!/^\s/.test(text)) {
      open = { ...place, words };
      commands.push(open);
    } else if (open) {
      open.words.push(...words);
    } else {
      complaints.push({
        ...place,
        reason: 'an indented line continues a command, and none stands before it',
      });
    }
  }
  return { commands, complaints };
}

function wordsOf(place: Place): { words: Word[]; complaint?: string } {
  const words: Word[] = [];
  const { text } = place;
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const end = endOfWord(text, at);
    if (end === undefined) return { words, complaint: 'a quote is not closed' };
    words.push(word(place, text.slice(at, end)));
    at = end;
  }
  return { words };
}

/** Offset after the word that begins at `start`; `undefined` when a quote in it never closes. */
function endOfWord(text: string, start: number): number | undefined {
  let at = start;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    const closing = text.charAt(at) === '"' ? '"' : text.charAt(at) === '<' ? '>' : undefined;
    const close = closing === undefined ? at : text.indexOf(closing, at + 1);
    if (close === -1 && closing === '"') return undefined;
    at = (close === -1 ? at : close) + 1;
  }
  return at;
}

function word(place: Place, typed: string): Word {
  const equals = typed.search(/[="]/);
  const hasValue = equals !== -1 && typed.charAt(equals) === '=';
  const value = hasValue ? typed.slice(equals + 1) : undefined;
  const quoted = value?.startsWith('"') === true;
  return {
    ...place,
    keyword: (hasValue ? typed.slice(0, equals) : typed).replaceAll('"', ''),
    value: value?.replaceAll('"', ''),
    quoted,
  };
}
