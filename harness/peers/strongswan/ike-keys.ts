import type { CaptureKeys } from '../peer.ts';

type IkeKeys = CaptureKeys['ike'];

/**
 * Reads charon's log of the group ike at level 4 together with what `swanctl --list-sas` prints: of each IKE SA that
 * stands, the key of its cipher (RFC 2409 appendix B; charon calls it Ka). The one has the key, the other the
 * cookies, both the SA's number.
 */
export function readIkeKeys(printed: string): IkeKeys {
  const lines = printed.split('\n');
  return lines.flatMap((line): IkeKeys => {
    const [, number, initiatorCookie] = /: #(\d+), .* IKEv1, ([0-9a-f]{16})_i/.exec(line) ?? [];
    if (number === undefined || initiatorCookie === undefined) return [];
    const key = keyOf(lines, number);
    return key === undefined ? [] : [{ initiatorCookie, key }];
  });
}

/** The key and the rows of it that follow: an offset, up to sixteen octets, the same as characters. */
function keyOf(lines: readonly string[], number: string): string | undefined {
  const heading = new RegExp(`\\[IKE\\] <(?:[^>]*\\|)?${number}> encryption key Ka => (\\d+) bytes`);
  const at = lines.findLastIndex((line) => heading.test(line));
  const octets = Number(heading.exec(lines[at] ?? '')?.[1] ?? 0);
  const rows = lines.slice(at + 1, at + 1 + Math.ceil(octets / 16));
  const digits = rows
    .map((row) => /> +\d+: ((?:[0-9A-F]{2} ){1,16})/.exec(row)?.[1] ?? '')
    .join('')
    .replaceAll(' ', '')
    .toLowerCase();
  return octets > 0 && digits.length === 2 * octets ? digits : undefined;
}
