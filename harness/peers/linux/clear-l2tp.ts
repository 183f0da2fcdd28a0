/** UDP port of L2TP (RFC 2661 8.1). */
const l2tpPort = 1701;

/** Below every SA's own policy (a larger number is a lower precedence), and below whatever else there is. */
const lowestPrecedence = 4_000_000_000;

/**
 * L2TP outside IPsec comes neither in nor out: a peer whose IPsec failed was seen to bring ppp0 up in clear.
 * Whatever has the port at either end is blocked, so that a client's other source port opens no way round. Where
 * the block stands already it stays.
 */
export function blockClearL2tp(): string {
  const directions = ['in', 'out'];
  return directions
    .flatMap((direction) =>
      ['sport', 'dport'].map((port) =>
        [
          'ip xfrm policy update src 0.0.0.0/0 dst 0.0.0.0/0 proto udp',
          `${port} ${l2tpPort} dir ${direction} action block priority ${lowestPrecedence}`,
        ].join(' '),
      ),
    )
    .join('\n');
}

/** What of the block is missing in the output of `ip xfrm policy`, in words; empty when it stands whole. */
export function missingBlocks(policies: string): string[] {
  const found = policies.split(/^(?=src )/m).filter((policy) => /action block/.test(policy));
  const directions = ['in', 'out'].flatMap((direction) =>
    ['sport', 'dport'].map((port) => ({ direction, port })),
  );
  return directions
    .filter(
      ({ direction, port }) =>
        !found.some(
          (policy) =>
            new RegExp(`proto udp ${port} ${l2tpPort}\\b`).test(policy) &&
            new RegExp(`dir ${direction} action block .*priority ${lowestPrecedence}`).test(policy),
        ),
    )
    .map(({ direction, port }) => `no block of UDP ${port} ${l2tpPort} ${direction}`);
}
