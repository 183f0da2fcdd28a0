import type { Outcome } from '../../../expectation.ts';
import { type PeerObservation, peerObservationSchema } from '../../../observation.ts';
import { connectionSteps, stageIndex } from '../../../stage.ts';
import type { CaptureKeys } from '../../peer.ts';
import type { Role } from './opposite.ts';

/** What is wrong with the form of an observation, in words; empty when it is that of all peers. */
export function formComplaints(of: PeerObservation, peer: string, version: string): string[] {
  const { success, error } = peerObservationSchema.safeParse(of);
  if (!success) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const order = of.stages.map(({ stage }) => stageIndex(stage));
  return [
    ...(of.peer === peer ? [] : [`it calls itself ${of.peer}, not ${peer}`]),
    ...(of.version === version ? [] : [`its version is ${of.version} here and ${version} there`]),
    ...(order.every((at, index) => index === 0 || at > (order[index - 1] ?? at))
      ? []
      : [`stages out of order, or twice: ${of.stages.map(({ stage }) => stage).join(', ')}`]),
  ];
}

/** What an end does not show of a connection that came as far as it was to come, in words. */
export function gapsOf(of: PeerObservation, role: Role, goal: Outcome): string[] {
  const end = goal.kind === 'stop' ? goal : undefined;
  const stop = of.stages.find(({ state }) => state === 'stopped');
  if (stop && !(stop.stage === end?.stage && stop.reason === end.reason)) {
    return [`it stopped at ${stop.stage}: ${stop.reason ?? 'no reason'} ${stop.detail}`.trim()];
  }
  const before = connectionSteps.filter((stage) => !end || stageIndex(stage) < stageIndex(end.stage));
  const missing = before.filter(
    (stage) => !of.stages.some((each) => each.stage === stage && each.state === 'done'),
  );
  const needed = end ? ofIpsec : [...ofIpsec, ...ofPpp];
  const lastAt = of.stages.find(({ stage }) => stage === 'ppp-ipcp')?.atMs;
  return [
    ...missing.map((stage) => `${stage} is not done`),
    ...(end && !stop && role === 'client' ? [`it does not say that it stopped at ${end.stage}`] : []),
    ...needed.filter((what) => of[what] === undefined).map((what) => `no ${what}`),
    // What a cell's record calls the time to connect.
    ...(!end && role === 'client' && lastAt === undefined ? ['no time of ppp-ipcp'] : []),
  ];
}

const ofIpsec = ['phase1', 'phase2', 'spis', 'encapsulation'] as const;
const ofPpp = ['innerAddress', 'peerInnerAddress'] as const;

/** Where two ends show different things of one connection, in words. */
export function disagreements(client: PeerObservation, responder: PeerObservation): string[] {
  const same: readonly (readonly [what: string, ofClient: unknown, ofResponder: unknown])[] = [
    ['the SPI toward the responder', client.spis?.outbound, responder.spis?.inbound],
    ['the SPI toward the client', client.spis?.inbound, responder.spis?.outbound],
    ['phase 1', client.phase1, responder.phase1],
    ['phase 2', client.phase2, responder.phase2],
    ['encapsulation', client.encapsulation, responder.encapsulation],
    ["the client's inner address", client.innerAddress, responder.peerInnerAddress],
    ["the responder's inner address", client.peerInnerAddress, responder.innerAddress],
    ["the client's tunnel id", client.l2tp?.tunnelId, responder.l2tp?.peerTunnelId],
    ["the responder's tunnel id", client.l2tp?.peerTunnelId, responder.l2tp?.tunnelId],
    ["the client's session id", client.l2tp?.sessionId, responder.l2tp?.peerSessionId],
    ["the responder's session id", client.l2tp?.peerSessionId, responder.l2tp?.sessionId],
  ];
  const between = same.flatMap(([what, ofClient, ofResponder]) =>
    ofClient === undefined || ofResponder === undefined || ofClient === ofResponder
      ? []
      : [`${what}: the client says ${ofClient}, the responder ${ofResponder}`],
  );
  return [...between, ...sasOf(client, 'the client'), ...sasOf(responder, 'the responder')];
}

/** The SAs that an end lists, held against the two that it says are the connection's. */
function sasOf({ sas, spis }: PeerObservation, who: string): string[] {
  if (sas === undefined || spis === undefined) return [];
  const has = (direction: 'in' | 'out', spi: number) =>
    sas.some((sa) => sa.direction === direction && sa.spi === spi && sa.packets !== 0);
  return [
    ...(has('in', spis.inbound)
      ? []
      : [`${who} lists no inbound SA of the connection that received anything`]),
    ...(has('out', spis.outbound)
      ? []
      : [`${who} lists no outbound SA of the connection that sent anything`]),
  ];
}

/** What is wrong with keys that were given away, in words. */
export function keyComplaints({ ike, esp }: CaptureKeys, { spis }: PeerObservation): string[] {
  const texts = [
    ...ike.flatMap(({ initiatorCookie, key }) => [initiatorCookie, key]),
    ...esp.flatMap(({ encryptionKey, integrityKey }) => [encryptionKey, integrityKey]),
  ];
  const missing = Object.values(spis ?? {}).filter((spi) => !esp.some((sa) => sa.spi === spi));
  return [
    ...(texts.every((text) => /^([0-9a-f]{2})+$/.test(text))
      ? []
      : ['a key is no text of hexadecimal digits']),
    ...missing.map((spi) => `no keys of the SA with SPI ${spi}`),
  ];
}

/** The secrets that stand in a text, as they are or in a form that hides them from nobody. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  const digits = text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return secrets.filter((secret) => {
    const octets = Buffer.from(secret);
    // The end of a text in base64 depends on what follows it.
    const base64 = octets.subarray(0, octets.length - (octets.length % 3)).toString('base64');
    return text.includes(secret) || text.includes(base64) || digits.includes(octets.toString('hex'));
  });
}
