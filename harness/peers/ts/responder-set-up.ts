import type { ResponderEndpointConfig } from '../../../stack/endpoint/config.ts';
import { type Cell, peerOf } from '../../cell.ts';
import { misbehaviour } from '../../impairment.ts';
import type { Topology } from '../../topology.ts';
import type { CellSettings } from '../peer.ts';
import { compileScript, scriptContext, scriptFor } from './alliedware/compile.ts';
import type { LineReport } from './alliedware/interpret.ts';
import type { ResponderHostConfig } from './forwarding.ts';
import { withLifetimes } from './lifetimes.ts';
import { compilePlainEndpoint, compilePlainHost } from './plain/compile.ts';
import { namingRevisions } from './profiles/named-revisions.ts';
import { loadResponderProfile, type ResponderProfile } from './profiles/responder-profile.ts';

/** What a responder of ours is for a cell, whatever carries it: the endpoint, and what it asks of the machine under it. */
export interface ResponderSetUp {
  readonly endpoint: ResponderEndpointConfig;
  readonly host: ResponderHostConfig;
  /** For the log. */
  readonly notes: readonly string[];
}

/** Compiles the cell's responder: from its script where the profile has one, else from the profile alone. */
export function responderSetUp(cell: Cell, topology: Topology, settings: CellSettings): ResponderSetUp {
  const asked = misbehaviour(cell, 'responder');
  const profile = profileFor(cell);
  if (profile.setUpBy === 'profile') {
    const endpoint = { ...compilePlainEndpoint(profile, cell, topology, settings), ...asked };
    return { endpoint: paced(endpoint, settings), host: compilePlainHost(topology), notes: [] };
  }
  const script = scriptFor(cell, topology, settings);
  const { endpoint, host, warnings, report } = compileScript(script, {
    ...scriptContext(cell, topology, settings),
    profile,
  });
  const notes = [...warnings, ...report.map(reportText)];
  return { endpoint: paced({ ...endpoint, ...asked }, settings), host, notes };
}

/** With the cell's own times, where it has some, in the place of what script and profile say. */
function paced(endpoint: ResponderEndpointConfig, settings: CellSettings): ResponderEndpointConfig {
  const { lifetimes, echoSeconds = endpoint.ppp.echoSeconds } = settings;
  const { ppp, ...lasting } = withLifetimes(endpoint, lifetimes);
  return { ...lasting, ppp: { ...ppp, echoSeconds } };
}

/** One object for all cells that ask for the same, so that a script is compiled for it once. */
function profileFor(cell: Cell): ResponderProfile {
  const name = peerOf(cell.responder).profile ?? '';
  const key = `${name} ${cell.revision}`;
  const profile = profiles.get(key) ?? namingRevisions(loadResponderProfile(name), cell);
  profiles.set(key, profile);
  return profile;
}

const profiles = new Map<string, ResponderProfile>();

/** `line 25 takes effect: add user=dialin1 ... (user dialin1, always at 192.168.8.50)` */
function reportText({ line, text, state, what }: LineReport): string {
  return `line ${line} ${state}: ${text} (${what})`;
}
