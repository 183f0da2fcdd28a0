import { fromHex, hex } from '../octets.ts';

/** What the message of an MS-CHAP Failure says (RFC 2433 6, RFC 2759 6). */
export interface MsChapFailure {
  /** E=, a RAS error number. */
  readonly error: number;
  /** R=: another Response may answer the challenge below. */
  readonly retry: boolean;
  /** C=; empty where there is none. */
  readonly challenge: Uint8Array;
  /** V=: 3 in version 2; pppd says 0 (the field facts). */
  readonly version: number;
  /** M=; version 1 has none. */
  readonly message?: string;
}

/** The errors that a Failure names (RFC 2759 6). */
export const MsChapError = {
  passwordExpired: 648,
  authenticationFailure: 691,
  changingPassword: 709,
} as const;

export function encodeMsChapFailure(failure: MsChapFailure): string {
  const { error, retry, challenge, version, message } = failure;
  const fields = `E=${error} R=${retry ? 1 : 0} C=${hex(challenge).toUpperCase()} V=${version}`;
  return message === undefined ? fields : `${fields} M=${message}`;
}

/** Reads the fields in any order, M= last; `undefined` where no E= is among them. */
export function decodeMsChapFailure(text: string): MsChapFailure | undefined {
  const [, head = '', message] = /^(.*?)(?: ?\bM=(.*))?$/s.exec(text) ?? [];
  const field = (name: string, form: string) => new RegExp(`(?:^| )${name}=(${form})(?: |$)`).exec(head)?.[1];
  const error = field('E', '\\d{1,10}');
  if (error === undefined) return undefined;
  return {
    error: Number(error),
    retry: field('R', '[01]') === '1',
    challenge: fromHex(field('C', '(?:[0-9A-Fa-f]{2}){0,64}') ?? ''),
    version: Number(field('V', '\\d{1,10}') ?? 0),
    ...(message !== undefined && { message }),
  };
}
