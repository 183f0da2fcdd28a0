import { concat, readUint, uint16, uint32, utf8, utf8Text } from '../octets.ts';

/** How the value of one attribute is written and read; `read` gives `undefined` for octets that are none. */
export interface Format<T> {
  /** Octets of a number; absent where the value is none. */
  readonly width?: 2 | 4;
  readonly write: (value: T) => Uint8Array;
  readonly read: (value: Uint8Array) => T | undefined;
}

export function unsigned(width: 2 | 4): Format<number> {
  return {
    width,
    write: width === 2 ? uint16 : uint32,
    read: (value) => (value.length === width ? readUint(value, 0, width) : undefined),
  };
}

/** So many octets, or at the least so many. */
export function octets(minimum: number, maximum = Number.POSITIVE_INFINITY): Format<Uint8Array> {
  return {
    write: (value) => value,
    read: (value) => (value.length >= minimum && value.length <= maximum ? value : undefined),
  };
}

/** Names may hold any octets; what is no UTF-8 reads as U+FFFD. */
export const text: Format<string> = {
  write: utf8,
  read: utf8Text,
};

export const flag: Format<true> = {
  write: () => new Uint8Array(),
  read: (value) => (value.length === 0 ? true : undefined),
};

export interface ProtocolVersion {
  readonly version: number;
  readonly revision: number;
}

export const protocolVersion: Format<ProtocolVersion> = {
  write: ({ version, revision }) => Uint8Array.of(version, revision),
  read: (value) => {
    const [version, revision] = value;
    if (value.length !== 2 || version === undefined || revision === undefined) return undefined;
    return { version, revision };
  },
};

/** RFC 2661 4.4.2: Result Code, then optionally Error Code, then optionally Error Message. */
export interface ResultCode {
  readonly result: number;
  readonly error?: number;
  readonly message?: string;
}

export const resultCode: Format<ResultCode> = {
  write: ({ result, error, message }) => {
    const parts = [uint16(result)];
    if (error !== undefined || message !== undefined) parts.push(uint16(error ?? 0));
    if (message !== undefined) parts.push(utf8(message));
    return concat(...parts);
  },
  read: (value) => {
    if (value.length !== 2 && value.length < 4) return undefined;
    const result = readUint(value, 0, 2);
    if (value.length === 2) return { result };
    const error = readUint(value, 2, 2);
    if (value.length === 4) return { result, error };
    return { result, error, message: text.read(value.subarray(4)) ?? '' };
  },
};

/** RFC 2661 4.4.4: why a telephone call ended, in the telephone network's own codes. */
export interface Q931CauseCode {
  readonly cause: number;
  readonly message: number;
  readonly advisory: string;
}

export const q931CauseCode: Format<Q931CauseCode> = {
  write: ({ cause, message, advisory }) => concat(uint16(cause), Uint8Array.of(message), utf8(advisory)),
  read: (value) => {
    if (value.length < 3) return undefined;
    const advisory = text.read(value.subarray(3)) ?? '';
    return { cause: readUint(value, 0, 2), message: readUint(value, 2, 1), advisory };
  },
};

/** RFC 2661 4.4.6: what went wrong on the LAC's line since the call began. */
export interface CallErrors {
  readonly crc: number;
  readonly framing: number;
  readonly hardwareOverruns: number;
  readonly bufferOverruns: number;
  readonly timeouts: number;
  readonly alignment: number;
}

export const callErrors: Format<CallErrors> = {
  write: (value) => {
    const { crc, framing, hardwareOverruns, bufferOverruns, timeouts, alignment } = value;
    const counters = [crc, framing, hardwareOverruns, bufferOverruns, timeouts, alignment];
    return concat(uint16(0), ...counters.map(uint32));
  },
  read: (value) => {
    if (value.length !== 26) return undefined;
    const counter = (place: number) => readUint(value, 2 + 4 * place, 4);
    return {
      crc: counter(0),
      framing: counter(1),
      hardwareOverruns: counter(2),
      bufferOverruns: counter(3),
      timeouts: counter(4),
      alignment: counter(5),
    };
  },
};

/** RFC 2661 4.4.6: which control characters an asynchronous line has to escape. */
export interface Accm {
  readonly send: number;
  readonly receive: number;
}

export const accm: Format<Accm> = {
  write: ({ send, receive }) => concat(uint16(0), uint32(send), uint32(receive)),
  read: (value) => {
    if (value.length !== 10) return undefined;
    return { send: readUint(value, 2, 4), receive: readUint(value, 6, 4) };
  },
};
