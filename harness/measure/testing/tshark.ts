import { execa } from 'execa';
import { z } from 'zod';
import { CrossnatError } from '../../error.ts';
import type { LadderEntry } from '../ladder.ts';
import { messageNames } from '../message-names.ts';
import type { Sides } from '../sides.ts';

/** tshark's version line, or undefined where this machine has none. */
export async function tsharkVersion(): Promise<string | undefined> {
  const { failed, stdout } = await execa('tshark', ['--version'], { reject: false });
  return failed ? undefined : stdout.split('\n')[0];
}

/** What is asked of tshark for every packet, in this order. */
const fields = [
  'frame.time_epoch',
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ip.len',
  'isakmp.ispi',
  'isakmp.exchangetype',
  'isakmp.messageid',
  'udp.payload',
  'udpencap.nat_keepalive',
] as const;

/** One line of its output; a field that a packet has not got is empty. */
const rowSchema = z.tuple([
  z.coerce.number(),
  z.string(),
  z.ipv4(),
  z.ipv4(),
  z.coerce.number(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
]);

/**
 * The ladder of one capture as tshark decodes it: its protocols, exchange types, cookies and message ids.
 * Only the numbering within an exchange is ours, since tshark has none.
 */
export async function tsharkLadder(file: string, sides: Sides, signal: AbortSignal): Promise<LadderEntry[]> {
  const columns = fields.flatMap((field) => ['-e', field]);
  const { stdout } = await execa(
    'tshark',
    [
      '-r',
      file,
      '-n',
      '-Y',
      'udp || esp',
      '-T',
      'fields',
      '-E',
      'separator=/t',
      '-E',
      'occurrence=f',
      ...columns,
    ],
    { cancelSignal: signal, maxBuffer: 1e9 },
  );
  return tsharkEntries(stdout, sides);
}

/** Reads the text of such a run. */
export function tsharkEntries(output: string, sides: Sides): LadderEntry[] {
  const nameOf = messageNames();
  const entries: LadderEntry[] = [];
  let startMs: number | undefined;
  for (const [index, line] of output.split('\n').entries()) {
    if (line === '') continue;
    const row = rowSchema.safeParse(line.split('\t'));
    if (!row.success) {
      throw new CrossnatError('broken', {
        doing: "reading tshark's decoding of a capture",
        found: `line ${index + 1} is not the ${fields.length} fields that were asked for: ${line.slice(0, 200)}`,
        remedy: 'Check that this tshark is version 4 or later',
      });
    }
    const [seconds, protocols, source, destination, size, ispi, exchange, messageId, payload, keepalive] =
      row.data;
    const direction = sides.directionOf(source, destination);
    const named = {
      direction,
      initiatorCookie: ispi,
      exchangeType: Number(exchange),
      messageId: Number(messageId),
    };
    const rung = isIsakmp(protocols)
      ? nameOf({ ...named, content: withoutMarker(protocols, payload) })
      : { kind: otherKind(protocols, keepalive), retransmission: false };
    if (rung.kind === undefined) continue;
    startMs ??= seconds * 1000;
    const { kind, retransmission } = rung;
    entries.push({ atMs: seconds * 1000 - startMs, direction, kind, size, retransmission });
  }
  return entries;
}

function isIsakmp(protocols: string): boolean {
  return /:ip:udp:(udpencap:)?isakmp\b/.test(protocols);
}

/** The ISAKMP octets in hexadecimal: on 4500 four zero octets stand before them (RFC 3948 2.2). */
function withoutMarker(protocols: string, payload: string): string {
  return protocols.includes('udpencap') ? payload.slice(8) : payload;
}

function otherKind(protocols: string, keepalive: string): string | undefined {
  if (/:ip:udp:udpencap:esp\b/.test(protocols)) return 'ESP in UDP';
  if (/:ip:esp\b/.test(protocols)) return 'ESP';
  if (keepalive !== '') return 'keepalive';
  return /:ip:udp:l2tp\b/.test(protocols) ? 'clear L2TP' : undefined;
}

/**
 * Where two ladders of the same capture disagree, in words; empty when both tell the same list.
 * Times are not compared: they are the capture's, whoever reads it.
 */
export function compareLadders(ours: readonly LadderEntry[], theirs: readonly LadderEntry[]): string[] {
  const differences: string[] = [];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const [mine, other] = [describe(ours[index]), describe(theirs[index])];
    if (mine !== other) differences.push(`packet ${index + 1}: we say ${mine}, tshark says ${other}`);
  }
  return differences;
}

function describe(entry: LadderEntry | undefined): string {
  if (!entry) return 'nothing';
  const again = entry.retransmission ? ', again' : '';
  return `${entry.kind} ${entry.direction}${again}, ${entry.size} octets`;
}
