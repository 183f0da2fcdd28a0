/** What tcpdump says of one segment's capture: packets it wrote, packets that matched, packets lost for want of room. */
export interface CaptureAccount {
  readonly captured: number;
  readonly received: number;
  readonly dropped: number;
}

/**
 * The latest account of a segment. Every line begins with its segment. At its end tcpdump gives the three
 * numbers a line each; asked by SIGUSR1 it gives them in one line.
 */
export function accountOf(said: readonly string[], segment: string): CaptureAccount | undefined {
  const lines = said.filter((line) => line.startsWith(`${segment}: `));
  const latest = (what: string) => {
    const line = lines.findLast((each) => each.includes(what));
    const number = line && new RegExp(`(\\d+) packets? ${what}`).exec(line)?.[1];
    return number === undefined ? undefined : Number(number);
  };
  const captured = latest('captured');
  const received = latest('received by filter');
  const dropped = latest('dropped by kernel');
  if (captured === undefined || received === undefined || dropped === undefined) return undefined;
  return { captured, received, dropped };
}

/** True when a segment's capture has written all that came so far. */
export function isDrained({ captured, received, dropped }: CaptureAccount): boolean {
  return captured + dropped >= received;
}

/**
 * Packets that the captures lost: those that the kernel had no room for, and those that were received but
 * not written. `undefined` when the account of a segment is missing.
 *
 * @param wereDrained all had written what had come when they were told to end: what came between that and the end of
 *   tcpdump, which leaves it behind, came after the capture and is none of it
 */
export function lostPackets(
  said: readonly string[],
  segments: readonly string[],
  wereDrained: boolean,
): number | undefined {
  let lost = 0;
  for (const segment of segments) {
    const account = accountOf(said, segment);
    if (account === undefined) return undefined;
    lost += wereDrained ? account.dropped : Math.max(account.dropped, account.received - account.captured);
  }
  return lost;
}
