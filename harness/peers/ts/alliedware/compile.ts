import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResponderEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type { Cell } from '../../../cell.ts';
import type { Topology } from '../../../topology.ts';
import type { CellSettings } from '../../peer.ts';
import type { ResponderHostConfig } from '../forwarding.ts';
import { keyCharactersOf } from '../profiles/pre-shared-key.ts';
import { loadScriptProfile, type ScriptProfile } from '../profiles/responder-profile.ts';
import { editedFor, preparedFor } from './edits.ts';
import { compileEndpoint } from './endpoint.ts';
import { compileHost } from './host.ts';
import { interpret, type LineReport } from './interpret.ts';
import { fillPlaceholders, placeholderValues, routerSegments } from './placeholders.ts';
import type { KeyCharacters, Router } from './router.ts';

export interface CompiledScript {
  readonly endpoint: ResponderEndpointConfig;
  readonly host: ResponderHostConfig;
  /** What the user database says of its users beside their names: for the responder's log. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** One entry a command, in the script's order. */
  readonly report: readonly LineReport[];
  /** What a person should know, though the script is possible. */
  readonly warnings: readonly string[];
}

/** What a script cannot say itself: where the router stands, and how a router behaves. */
export interface ScriptContext {
  readonly profile: ScriptProfile;
  /** What it lets a pre-shared key be made of, in the reading that is played (rule WIN-10). */
  readonly keyCharacters: KeyCharacters;
  /** AlliedWare interface -> segment of the topology. */
  readonly segments: Readonly<Record<string, string>>;
  /** Factor on the responder's retransmission gaps; 1 is its own. */
  readonly timerFactor: number;
}

/** The How-To's script with the steps before it, changed for the cell and filled in from the topology. */
export function scriptFor(cell: Cell, topology: Topology, settings: CellSettings): string {
  const preparation = preparedFor(readScript('preparation.cfg'), cell);
  const script = `${preparation}\n${editedFor(readScript('vpn.cfg'), cell)}`;
  return fillPlaceholders(script, placeholderValues(topology, settings.preSharedKey));
}

export function scriptContext(cell: Cell, topology: Topology, settings: CellSettings): ScriptContext {
  const profile = loadScriptProfile('alliedware');
  return {
    profile,
    keyCharacters: keyCharactersOf(profile, cell),
    segments: routerSegments(topology),
    timerFactor: settings.timerFactor,
  };
}

/**
 * Reads a script and makes a responder of it. Throws `bad-data` with every complaint; then nothing of it holds. The
 * same script in the same place is compiled once: a run plays it with many clients.
 */
export function compileScript(script: string, context: ScriptContext): CompiledScript {
  const known = compiled.get(context.profile) ?? new Map<string, CompiledScript>();
  compiled.set(context.profile, known);
  const key = JSON.stringify([script, context.keyCharacters, context.segments, context.timerFactor]);
  const result = known.get(key) ?? compile(script, context);
  if (known.size >= mostRemembered) known.clear();
  known.set(key, result);
  return result;
}

const compiled = new WeakMap<ScriptProfile, Map<string, CompiledScript>>();
/** More scripts than a topology has, and few enough for any memory. */
const mostRemembered = 200;

function compile(script: string, context: ScriptContext): CompiledScript {
  const { router, report } = interpret(script, context.keyCharacters);
  return {
    endpoint: compileEndpoint(router, context.profile, context.timerFactor),
    host: compileHost(router, context.segments),
    descriptions: Object.fromEntries(
      [...router.users.values()].map(({ name, description }) => [name, description ?? '']),
    ),
    report,
    warnings: [
      ...report.flatMap(({ line, notes }) => notes.map((note) => `line ${line}: ${note}`)),
      ...policiesWithoutKey(router),
      ...strayRules(router),
    ],
  };
}

/** Policies with which nobody can authenticate, although their key was typed. */
function policiesWithoutKey({ isakmp, missingKeys }: Router): string[] {
  return [...isakmp.policies.values()].flatMap(({ name, key, at }) => {
    const why = key === undefined ? undefined : missingKeys.get(key);
    if (why === undefined) return [];
    return [`line ${at.line}: ISAKMP policy "${name}" has no key: there is no key ${key}, ${why}`];
  });
}

/** Rules that can never match: their global address is none that this router has (see placeholderValues). */
function strayRules(router: Router): string[] {
  const own = [...router.ip.interfaces.values()].map((one) => one.address);
  return [...router.firewall.policies.values()]
    .flatMap((policy) => [...policy.rules.values()])
    .filter((rule) => !own.includes(rule.globalAddress))
    .map((rule) => {
      const what = `rule ${rule.number} lets in packets to ${rule.globalAddress}, and none arrives with that address`;
      return `line ${rule.at.line}: ${what}: this router has ${own.join(' and ')}`;
    });
}

const scripts = new Map<string, string>();

function readScript(file: string): string {
  const script = scripts.get(file) ?? readFileSync(join(import.meta.dirname, file), 'utf8');
  scripts.set(file, script);
  return script;
}
