import type { Place } from './complaint.ts';
import type { AddressRange } from './value.ts';

/** What a script makes of a router, before it is known whether its parts fit together. */
export interface Router {
  systemName: string | undefined;
  systemSecurity: boolean;
  /** Encryption keys: the only thing that outlives a restart, where system security is on. */
  readonly keys: Map<number, EncryptionKey>;
  readonly users: Map<string, User>;
  readonly pppTemplates: Map<number, PppTemplate>;
  readonly dns: { primary: string | undefined; secondary: string | undefined };
  readonly l2tp: { enabled: boolean; server: boolean; readonly callers: L2tpCallers[] };
  readonly ip: {
    enabled: boolean;
    readonly interfaces: Map<string, IpInterface>;
    readonly routes: Route[];
    readonly pools: Map<string, IpPool>;
  };
  readonly firewall: { enabled: boolean; readonly policies: Map<string, FirewallPolicy> };
  readonly ipsec: {
    enabled: boolean;
    readonly saSpecifications: Map<number, SaSpecification>;
    readonly bundles: Map<number, Bundle>;
    readonly policies: Map<string, IpsecPolicyEntry>;
  };
  readonly isakmp: { enabled: boolean; readonly policies: Map<string, IsakmpPolicy> };
  /** What the value of a general key may be made of (rule WIN-10). */
  readonly keyCharacters: KeyCharacters;
  /** Keys that were typed and are not there, and why. */
  readonly missingKeys: Map<number, string>;
}

export type KeyCharacters = 'any' | 'alphanumeric';

export interface EncryptionKey {
  readonly type: 'general' | 'des' | '3des' | 'rsa';
  readonly value: string | undefined;
  readonly at: Place;
}

export interface User {
  readonly name: string;
  password: string;
  address: string | undefined;
  description: string | undefined;
  readonly at: Place;
}

export interface PppTemplate {
  readonly authentication: 'chap' | 'pap' | 'either' | 'none';
  readonly echoSeconds: number;
  readonly pool: string | undefined;
  readonly at: Place;
}

export interface L2tpCallers {
  readonly from: AddressRange;
  readonly pppTemplate: number;
  readonly at: Place;
}

export interface IpInterface {
  readonly address: string;
  readonly prefix: number;
  readonly at: Place;
}

export interface Route {
  readonly to: string;
  readonly prefix: number;
  readonly interface: string;
  readonly via: string;
  readonly at: Place;
}

export interface IpPool extends AddressRange {
  readonly name: string;
  readonly at: Place;
}

export interface FirewallPolicy {
  readonly name: string;
  readonly dynamicTemplates: Set<string>;
  readonly interfaces: Map<string, { readonly type: 'private' | 'public'; readonly at: Place }>;
  readonly nat: { readonly inside: string; readonly outside: string; readonly at: Place }[];
  readonly rules: Map<number, FirewallRule>;
}

export interface FirewallRule {
  readonly number: number;
  readonly interface: string;
  readonly protocol: 'udp' | 'tcp';
  /** What the packet's destination must be as it arrives on the public interface; it is delivered there too. */
  readonly globalAddress: string;
  readonly globalPort: number;
  readonly onlyFromIpsec: boolean;
  readonly at: Place;
}

export interface SaSpecification {
  readonly encryption: 'des' | '3desouter' | 'aes128' | 'aes192' | 'aes256' | 'null';
  readonly hash: 'md5' | 'sha';
  readonly at: Place;
}

export interface Bundle {
  /** Numbers of SA specifications, each an alternative, in the order of the string. */
  readonly alternatives: readonly number[];
  readonly expirySeconds: number | undefined;
  readonly expiryKilobytes: number | undefined;
  readonly at: Place;
}

export interface IpsecPolicyEntry {
  readonly name: string;
  readonly interface: string;
  action: 'ipsec' | 'permit' | 'deny';
  bundle: number | undefined;
  isakmpPolicy: string | undefined;
  transport: 'any' | 'udp' | 'tcp';
  localPort: number | undefined;
  remotePort: number | undefined;
  readonly at: Place;
}

export interface IsakmpPolicy {
  readonly name: string;
  key: number | undefined;
  encryption: 'des' | '3desouter' | 'aes128' | 'aes192' | 'aes256' | undefined;
  hash: 'sha' | 'md5' | undefined;
  group: number | undefined;
  expirySeconds: number | undefined;
  natTraversal: boolean | undefined;
  sendDeletes: boolean | undefined;
  sendNotify: boolean | undefined;
  localId: string | undefined;
  readonly at: Place;
}

/** A router as it leaves the factory. */
export function emptyRouter(keyCharacters: KeyCharacters): Router {
  return {
    systemName: undefined,
    systemSecurity: false,
    keys: new Map(),
    users: new Map(),
    pppTemplates: new Map(),
    dns: { primary: undefined, secondary: undefined },
    l2tp: { enabled: false, server: false, callers: [] },
    ip: { enabled: false, interfaces: new Map(), routes: [], pools: new Map() },
    firewall: { enabled: false, policies: new Map() },
    ipsec: { enabled: false, saSpecifications: new Map(), bundles: new Map(), policies: new Map() },
    isakmp: { enabled: false, policies: new Map() },
    keyCharacters,
    missingKeys: new Map(),
  };
}

/** Starts again with nothing but what a restart leaves: the keys, where system security guards them. */
export function restart(router: Router): void {
  const { keys, missingKeys, keyCharacters, systemSecurity: kept } = router;
  Object.assign(router, emptyRouter(keyCharacters));
  router.systemSecurity = kept;
  for (const [number, why] of missingKeys) router.missingKeys.set(number, why);
  for (const [number, key] of keys) {
    if (kept) router.keys.set(number, key);
    else router.missingKeys.set(number, 'the restart destroyed it, because system security was off');
  }
}

/** What was found under a name, and whether only by reading blanks as underscores. */
export interface Named<T> {
  readonly entry: T;
  readonly slip: boolean;
}

/**
 * Finds an entry by its name, whatever its capitals. The How-To prints one policy as `"all roaming"` in
 * its prose and as `"all_roaming"` in its script: where no name matches, blanks count as underscores.
 */
export function byName<T>(entries: ReadonlyMap<string, T>, name: string): Named<T> | undefined {
  const exact = entries.get(name.toLowerCase());
  if (exact !== undefined) return { entry: exact, slip: false };
  const meant = [...entries].filter(([known]) => underscored(known) === underscored(name.toLowerCase()));
  const [only, another] = meant;
  return only && !another ? { entry: only[1], slip: true } : undefined;
}

function underscored(name: string): string {
  return name.replaceAll(' ', '_');
}
