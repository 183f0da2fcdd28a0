import { readFileSync, writeFileSync } from 'node:fs';
import { isInherited } from './peers/ts/profiles/profile-file.ts';
import {
  type ClientRow,
  clientProfiles,
  type ResponderRow,
  responderProfiles,
  type Sureness,
} from './profile-table.ts';

export const profilesPageFile = new URL('../docs/profiles.md', import.meta.url);

const marker =
  '<!-- Written from harness/peers/ts/profiles/ by `npm run docs`; edit those, not what follows. -->\n';

/** The page with its tables made anew: what stands above the marker is written by hand and stays. */
export function profilesPage(page: string): string {
  const end = page.indexOf(marker);
  if (end === -1) throw new Error(`docs/profiles.md has lost its marker line: ${marker}`);
  const clients = clientProfiles();
  const responders = responderProfiles();
  const sections = [
    ['## Clients', table(['client', 'what it is', 'V', 'D', 'R', '?'], clients.map(who))],
    ['### What they say in IKE', table(ikeHeads, clients.map(ikeRow))],
    ['### What they offer', table(offerHeads, clients.map(offerRow))],
    ['### What they say in L2TP and PPP', table(innerHeads, clients.map(innerRow))],
    ['## Responders', table(['responder', 'what it is', 'V', 'D', 'R', '?'], responders.map(who))],
    ['### What they take', table(responderHeads, responders.map(responderRow))],
    [
      '## Where sources contradict each other',
      table(disputeHeads, [...clients, ...responders].flatMap(disputes)),
    ],
  ];
  return `${page.slice(0, end)}${marker}\n${sections.map(([title, text]) => `${title}\n\n${text}`).join('\n')}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(heads) + line(heads.map(() => '---')) + rows.map(line).join('');
}

function who({ name, summary, sureness }: { name: string; summary: string; sureness: Sureness }): string[] {
  return [`\`${name}\``, summary, ...(['V', 'D', 'R', '?'] as const).map((mark) => String(sureness[mark]))];
}

const list = (words: readonly string[]) => (words.length === 0 ? 'none' : words.join(', '));

const ikeHeads = [
  'client',
  'mode',
  'vendor ids in order',
  'NAT-T, preferred first',
  'NAT rule',
  'ports in quick mode',
];
function ikeRow({ name, profile }: ClientRow): string[] {
  const { natRule, selectors } = profile;
  const rule =
    natRule.value === 'none'
      ? 'none'
      : `${natRule.value.family}: ${natRule.value.whenRefused} (${natRule.confidence})`;
  const port = (value: number | string) => (value === 0 ? 'any' : String(value));
  return [
    `\`${name}\``,
    profile.phase1Mode.value,
    list(profile.vendorIds.value),
    list(profile.natTraversal.value),
    rule,
    `own ${port(selectors.value.local)}, peer ${port(selectors.value.remote)}`,
  ];
}

const offerHeads = ['client', 'phase 1 in order', 'phase 2 in order', 'PFS', 'dead peer detection'];
function offerRow({ name, profile }: ClientRow): string[] {
  const kilobytes = profile.phase2LifetimeKilobytes.value;
  const amount = kilobytes === 'none' ? '' : `, ${kilobytes} kB`;
  const detection = profile.deadPeerDetection.value;
  return [
    `\`${name}\``,
    `${list(profile.phase1.value)} (${profile.phase1LifetimeSeconds.value} s, ${profile.phase1.confidence})`,
    `${list(profile.phase2.value)} (${profile.phase2LifetimeSeconds.value} s${amount}, ${profile.phase2.confidence})`,
    profile.pfs.value,
    detection === 'none' ? 'none' : detection.mode,
  ];
}

const innerHeads = [
  'client',
  'UDP port',
  'tunnel ids',
  'SCCRQ',
  'LCP options',
  'authentication',
  'says the end of',
];
function innerRow({ name, profile }: ClientRow): string[] {
  const { l2tp, ppp, teardown } = profile;
  const avps = (l2tp.messages.value.SCCRQ ?? []).map((avp) =>
    typeof avp === 'string' ? avp : 'attribute' in avp ? avp.attribute : `vendor ${avp.vendorId}`,
  );
  return [
    `\`${name}\``,
    String(l2tp.port.value),
    l2tp.tunnelIds.value,
    avps.length === 0 ? 'as the stack has it' : avps.join(', '),
    list(ppp.lcpOptions.value.map((wish) => (typeof wish === 'string' ? wish : wish.option))),
    list(ppp.authentication.value),
    list(teardown.value),
  ];
}

const responderHeads = ['responder', 'NAT-T', 'phase 1', 'phase 2', 'whose order decides', 'authentication'];
function responderRow({ name, profile }: ResponderRow): string[] {
  const isScript = profile.setUpBy === 'script';
  const several = (texts: readonly string[]) =>
    texts.length > 12 ? `${texts.length} transforms, ${texts[0]} first` : list(texts);
  return [
    `\`${name}\``,
    list(profile.natTraversal.value),
    isScript ? `the script's, else ${profile.phase1UnlessSet.value}` : several(profile.phase1.value),
    isScript ? "the script's" : several(profile.phase2.value),
    profile.choice.value,
    isScript ? "the script's" : list(profile.ppp.authentication.value),
  ];
}

const disputeHeads = ['profile', 'value', 'played', 'other reading'];

/** The values of a profile that have another reading, which the file keeps for whoever settles it. */
function disputes({ name, profile }: ClientRow | ResponderRow): string[][] {
  return found(profile, []).map(({ path, played, other }) => [`\`${name}\``, path, played, other]);
}

interface Reading {
  readonly value: unknown;
  readonly source: string;
  readonly confidence: string;
}

function found(value: unknown, path: readonly string[]): { path: string; played: string; other: string }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  if ('otherReading' in value && value.otherReading !== undefined) {
    // It is listed where it is written.
    if ('source' in value && isInherited(String(value.source))) return [];
    const reading = (one: Reading) => `${JSON.stringify(one.value)}: ${one.source} (${one.confidence})`;
    const text = {
      played: reading(value as unknown as Reading),
      other: reading(value.otherReading as Reading),
    };
    return [{ path: path.join('.'), ...text }];
  }
  return Object.entries(value).flatMap(([key, one]) => found(one, [...path, key]));
}

if (import.meta.main) {
  writeFileSync(profilesPageFile, profilesPage(readFileSync(profilesPageFile, 'utf8')));
}
