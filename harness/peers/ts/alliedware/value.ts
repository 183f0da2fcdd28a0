import { z } from 'zod';
import { matchKeyword } from './keyword.ts';

/** Kinds of values: each reads the text after `=` and says what it expects of it. */
type ValueKind<T> = z.ZodType<T, string>;

function kind<T>(expects: string, read: (text: string) => T | undefined): ValueKind<T> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input: text, message: `expects ${expects}` });
    return z.NEVER;
  });
}

export function text(maximum: number): ValueKind<string> {
  return kind(`1 to ${maximum} characters`, (typed) =>
    typed.length >= 1 && typed.length <= maximum ? typed : undefined,
  );
}

export function number(minimum: number, maximum: number): ValueKind<number> {
  return kind(`a number from ${minimum} to ${maximum}`, (typed) => {
    const value = /^\d{1,10}$/.test(typed) ? Number(typed) : -1;
    return value >= minimum && value <= maximum ? value : undefined;
  });
}

/** One of these words, abbreviated as keywords may be. */
export function choice<const Name extends string>(...names: readonly Name[]): ValueKind<Name> {
  return kind(names.length === 1 ? `${names[0]}` : `one of ${names.join(', ')}`, (typed) => {
    const match = matchKeyword(typed, names);
    return match.ok ? names.find((name) => name === match.keyword) : undefined;
  });
}

const truth = choice('on', 'off', 'yes', 'no', 'true', 'false');
export const onOff: ValueKind<boolean> = truth.transform((word) => ['on', 'yes', 'true'].includes(word));

/** Seconds, or `on` for the command's own default, or `off`. */
export function seconds(whenOn: number): ValueKind<number> {
  return z.union([number(1, 4_294_967), onOff.transform((on) => (on ? whenOn : 0))], {
    error: 'expects on, off or seconds',
  });
}

function asIpv4(typed: string): string | undefined {
  const parts = typed.split('.');
  const good = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return good ? parts.map(Number).join('.') : undefined;
}

export function ipv4Number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export const ipv4: ValueKind<string> = kind('an IPv4 address', asIpv4);

/** A network mask as its prefix length: ones, then zeros only. */
export const mask: ValueKind<number> = kind('a network mask', (typed) => {
  const address = asIpv4(typed);
  const bits = address
    ?.split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return bits !== undefined && /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
});

export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

export const addressRange: ValueKind<AddressRange> = kind(
  'an address, or first-last in that order',
  (typed) => {
    const [first, last, ...rest] = typed.split('-').map(asIpv4);
    if (first === undefined || rest.length > 0) return undefined;
    if (!typed.includes('-')) return { first, last: first };
    return last !== undefined && ipv4Number(first) <= ipv4Number(last) ? { first, last } : undefined;
  },
);

const anyone = choice('any');
export const peerAddress: ValueKind<string> = z.union([ipv4, anyone], {
  error: 'expects any or an IPv4 address',
});
export const port = number(1, 65535);
export const portOrAny: ValueKind<number | 'any'> = z.union([port, anyone], {
  error: 'expects any or a port from 1 to 65535',
});

/** An IP interface of a small office router, or one that a dynamic firewall template stands for. */
export const interfaceName: ValueKind<string> = kind('an interface (eth0, vlan1, ppp0, dyn-NAME)', (typed) =>
  /^(eth\d+|vlan\d+|ppp\d+|dyn-[\w-]{1,15})$/i.test(typed) ? typed.toLowerCase() : undefined,
);
