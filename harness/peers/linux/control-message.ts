/**
 * The messages on the serial line to a kernel of our own, as `images/uml/control` speaks them: one per line,
 * words parted by one blank; in a word, `%`, blanks and what does not print are `%xx`.
 */
export type ControlMessage =
  | { readonly kind: 'ready'; readonly uptimeSeconds: number }
  | { readonly kind: 'took'; readonly octets: number }
  | { readonly kind: 'output' | 'error'; readonly job: string; readonly data: Buffer }
  | { readonly kind: 'exit'; readonly job: string; readonly code: number };

/** Any octets as one word. */
export function escaped(data: Buffer | string): string {
  const octets = typeof data === 'string' ? Buffer.from(data) : data;
  return octets
    .toString('latin1')
    .replaceAll(/[^!-~]|%/g, (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export function unescaped(word: string): Buffer {
  const text = word.replaceAll(/%([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(text, 'latin1');
}

/** A request, ready to be sent: `run 3 ip -s xfrm state`. A `nudge` is for no job, and changes nothing. */
export function requestLine(
  verb: 'run' | 'input' | 'close' | 'kill' | 'nudge',
  job: string,
  words: readonly (string | Buffer)[],
) {
  return `${[verb, job, ...words.map(escaped)].join(' ')}\n`;
}

/** Reads one line from the kernel; `undefined` for what is none of its messages. */
export function readMessage(line: string): ControlMessage | undefined {
  const [kind, first = '', second, ...more] = line.split(' ');
  if (more.length > 0) return undefined;
  const number = (text: string | undefined) => (/^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : undefined);
  switch (kind) {
    case 'ready': {
      const uptimeSeconds = number(first);
      return uptimeSeconds === undefined || second !== undefined ? undefined : { kind, uptimeSeconds };
    }
    case 'took': {
      const octets = number(first);
      return octets === undefined || second !== undefined ? undefined : { kind, octets };
    }
    case 'output':
    case 'error':
      return first === '' || second === undefined ? undefined : { kind, job: first, data: unescaped(second) };
    case 'exit': {
      const code = number(second);
      return first === '' || code === undefined ? undefined : { kind, job: first, code };
    }
    default:
      return undefined;
  }
}
