import type { PeerObservation } from '../../observation.ts';
import type { Reason, Stage } from '../../stage.ts';

type StageEntry = PeerObservation['stages'][number];

/** The lines of the server log (SoftEther's strtable_en.stb, IPsec and L2TP parts) that complete a stage. */
const completedBy: readonly (readonly [Stage, RegExp])[] = [
  ['reach', /IPsec Client \d+ .*: A new IPsec client is created\./],
  ['phase1', /IKE SA\) \d+ .*: This IKE SA is established/],
  ['phase2', /IPsec SA\) \d+ .*: This IPsec SA is established/],
  // The module is started by the first L2TP packet that came out of an SA.
  ['esp', /: The L2TP Server Module is started\./],
  // Tunnel and session have no lines of their own: this one comes with the session's first PPP packet.
  ['l2tp-tunnel', /: A new PPP session \(Upper protocol: L2TP\) is started\./],
  ['l2tp-session', /: A new PPP session \(Upper protocol: L2TP\) is started\./],
  ['ppp-lcp', /is attempting to connect to the Virtual Hub\..*the user name is/],
  ['ppp-auth', /: Successfully authenticated as user /],
  ['ppp-ipcp', /L2TP PPP Session .*: The IP address and other network information parameters are set/],
];

/** The lines with which it refuses. On the wire it is silent, but for phase 2 and PPP. */
const refusedBy: readonly (readonly [Stage, Reason, RegExp])[] = [
  ['phase1', 'no-proposal-chosen', /no acceptable transform proposals .* for establishing an IKE SA\./],
  [
    'phase1',
    'no-policy',
    /cannot be accepted because this VPN client is not compatible with IPsec NAT Traversal/,
  ],
  ['phase2', 'no-proposal-chosen', /no acceptable transform proposals .* for establishing an IPsec SA\./],
  ['ppp-auth', 'ppp-auth-failed', /: User authentication failed\./],
];

/** The IPsec client, or the hub's connection, that a line names. Of two with one address and port PPP says the same. */
export function namesClient(line: string): string | undefined {
  const [, alone, of, connection] = /\bIPsec Client (\d+) |\(Client: (\d+)\)|"(CID-\d+)"/.exec(line) ?? [];
  const client = alone ?? of;
  return client === undefined ? connection : `client ${client}`;
}

/**
 * Reads the lines of one connection in a server log. A stage without its line is not listed, done or stopped: SoftEther
 * says nothing of NAT detection, and nothing of a main mode that stays incomplete.
 */
export function observeLog(lines: readonly string[], version: string): PeerObservation {
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  const done = completedBy
    .filter(([, pattern]) => has(pattern))
    .map(([stage]): StageEntry => ({ stage, state: 'done', detail: '' }));
  const refusal = refusedBy.find(
    ([stage, , pattern]) => has(pattern) && !done.some((each) => each.stage === stage),
  );
  const network = first(
    lines,
    /are set successfully\. IP Address of Client: ([\d.]+), .*Default Gateway: ([\d.]+),/,
  );
  const [innerAddress, ownAddress] = network ?? [];
  return {
    peer: 'softether',
    version,
    stages: refusal ? [...done, stopped(refusal, lines)] : done,
    ...chosenTransforms(lines),
    ...(innerAddress !== undefined && ownAddress !== undefined
      ? { peerInnerAddress: innerAddress, innerAddress: ownAddress }
      : {}),
    dns: [],
    unanswered: [],
    warnings: [],
  };
}

/** What can be left: the lines that begin and end it, with its name. */
const lifetimes: readonly (readonly [what: string, begun: RegExp, ended: RegExp])[] = [
  ['IKE SA', /\(IKE SA\) (\d+) .*: A new IKE SA/, /\(IKE SA\) (\d+) .*: This IKE SA is deleted/],
  // One line for each direction.
  [
    'IPsec SA',
    /\(IPsec SA\) (\d+) .*: A new IPsec SA .*Client -> Server/,
    /\(IPsec SA\) (\d+) .*: This IPsec SA is deleted/,
  ],
  ['PPP session', /PPP Session \[(.+)\]: A new PPP session/, /PPP Session \[(.+)\]: .* is disconnected\./],
  ['session', /The new session "(.+?)" has been created/, /Session "(.+?)": The session has been terminated/],
];

/**
 * What the log says is still there: SAs, PPP sessions and the hub's sessions that began and did not end. PPP sessions
 * of clients with one address and port have the same name.
 */
export function leftInLog(log: string): string[] {
  const left: string[] = [];
  for (const line of log.split('\n')) {
    for (const [what, begun, ended] of lifetimes) {
      const [beginning, end] = [begun.exec(line), ended.exec(line)];
      if (beginning) left.push(`${what} ${beginning[1]}`);
      const at = end ? left.indexOf(`${what} ${end[1]}`) : -1;
      if (at !== -1) left.splice(at, 1);
    }
  }
  return left;
}

function stopped([stage, reason, pattern]: (typeof refusedBy)[number], lines: readonly string[]): StageEntry {
  const line = lines.find((each) => pattern.test(each)) ?? '';
  // What stands before are the time and the names of hub, session or connection.
  return { stage, state: 'stopped', reason, detail: line.replace(/^.*[")]: /, '') };
}

/** Transforms, SPIs and encapsulation of the first SAs that were established. It counts no packets of an SA. */
function chosenTransforms(lines: readonly string[]): Partial<PeerObservation> {
  const [ike] = first(lines, /\(IKE SA\) (\d+) .*This IKE SA is established/) ?? [];
  const [sa, port] = first(lines, /\(IPsec SA\) (\d+) .*:(\d+)\): This IPsec SA is established/) ?? [];
  const phase1 = lines.find((line) => line.includes(`(IKE SA) ${ike} `) && line.includes('A new IKE SA'));
  const spi = (direction: string) => {
    const pattern = new RegExp(`\\(IPsec SA\\) ${sa} .*Direction: ${direction}\\).*SPI: 0x([0-9A-F]+),`);
    return Number.parseInt(first(lines, pattern)?.[0] ?? '', 16);
  };
  const phase2 = lines.find((line) => line.includes(`(IPsec SA) ${sa} `) && line.includes('A new IPsec SA'));
  const encapsulation = port === '4500' ? ('udp' as const) : ('none' as const);
  const [inbound, outbound] = [spi('Client -> Server'), spi('Server -> Client')];
  const stands = !lines.some((line) => line.includes(`(IPsec SA) ${sa} `) && /SA is deleted\./.test(line));
  return {
    ...(phase1 === undefined
      ? {}
      : { phase1: `${algorithms(phase1)}-modp${/MODP (\d+)/.exec(phase1)?.[1]}` }),
    ...(phase2 === undefined
      ? {}
      : {
          phase2: algorithms(phase2),
          spis: { inbound, outbound },
          encapsulation,
          sas: (stands ? (['in', 'out'] as const) : []).map((direction) => ({
            direction,
            spi: direction === 'in' ? inbound : outbound,
            algorithms: algorithms(phase2),
            encapsulation,
          })),
        }),
  };
}

/** `3des-sha1`, `aes128-sha256`: cipher, its key size where it has several, and hash, in the words of records. */
function algorithms(line: string): string {
  const hash = /Hash Algorithm: ([\w-]+)/.exec(line)?.[1]?.replace(/^SHA-(2-)?/, 'sha') ?? '?';
  const cipher = /Cipher Algorithm: ([\w-]+?)(-CBC)?,/.exec(line)?.[1] ?? '?';
  const bits = cipher === 'AES' ? /Cipher Key Size: (\d+) bits/.exec(line)?.[1] : '';
  return `${cipher}${bits}-${hash}`.toLowerCase();
}

function first(lines: readonly string[], pattern: RegExp): string[] | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match.slice(1);
  }
  return undefined;
}
