import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import { addTrialSa, removeTrialSa } from './ipsec.ts';

/** Something that a Linux peer needs and the host's kernel does not give to a node. */
export interface Lack {
  readonly what: string;
  /** In the words of the program that tried it. */
  readonly said: string;
  /** Loaded on the host, they bring it, where its kernel was built with them. */
  readonly modules: readonly string[];
}

interface Ability {
  readonly what: string;
  readonly modules: readonly string[];
  /** Shell commands that do it, and undo it. */
  readonly attempt: string;
}

const abilities: Readonly<Record<string, Ability>> = {
  esp: {
    what: 'ESP with 3DES and SHA-1',
    modules: ['xfrm_user', 'esp4', 'des_generic'],
    attempt: `${addTrialSa} && ${removeTrialSa}`,
  },
  ppp: {
    what: 'PPP',
    modules: ['ppp_generic'],
    // 108:0 in Linux's list of devices (Documentation/admin-guide/devices.txt). A container has none of itself;
    // a kernel that loads its module meanwhile may be the first to make it.
    attempt: [
      '{ [ -e /dev/ppp ] || mknod -m 600 /dev/ppp c 108 0 || [ -e /dev/ppp ]; }',
      `perl -e 'open my $ppp, "+<", "/dev/ppp" or die "/dev/ppp: $!\\n"'`,
    ].join(' && '),
  },
  l2tp: {
    what: 'L2TP',
    modules: ['l2tp_ppp'],
    // AF_PPPOX, SOCK_DGRAM, PX_PROTO_OL2TP (linux/if_pppox.h), as xl2tpd opens it.
    attempt: `perl -e 'socket my $l2tp, 24, 2, 1 or die "PPPoL2TP socket: $!\\n"'`,
  },
};

/** Unquoted, what was said becomes one line; `-f` keeps it from being a pattern of file names. */
const script = [
  'set -f',
  ...Object.entries(abilities).map(
    ([name, { attempt }]) =>
      `if said=$({ ${attempt}; } 2>&1); then echo ${name} has; else echo ${name} lacks $said; fi`,
  ),
].join('\n');

/**
 * Tries in a node what a Linux peer needs of the host's kernel, and says what is missing; the node has its
 * /dev/ppp then. A kernel that has a module for it loads that by itself when it is tried, for the whole host.
 */
export async function lacksOfHost(node: LabNode, signal: AbortSignal): Promise<Lack[]> {
  const { stdout, stderr } = await node.exec(['sh', '-s'], { signal, input: script });
  return readLacks(stdout) ?? unclear(node, stderr.trim() || stdout.trim());
}

/** Reads `esp has` and `ppp lacks /dev/ppp: No such device or address`; `undefined` when an answer is missing. */
export function readLacks(printed: string): Lack[] | undefined {
  const lacks: Lack[] = [];
  for (const [name, { what, modules }] of Object.entries(abilities)) {
    const answer = new RegExp(`^${name} (?:has|lacks ?(.*))$`, 'm').exec(printed);
    if (answer === null) return undefined;
    const [line, said = ''] = answer;
    if (line !== `${name} has`) lacks.push({ what, said, modules });
  }
  return lacks;
}

function unclear(node: LabNode, words: string): never {
  throw new CrossnatError('broken', {
    doing: `trying the host's kernel in node ${node.name}`,
    found: words === '' ? 'the attempts said nothing' : words,
    remedy: 'Give the node an image that stands on "box"',
  });
}

/** `ESP with 3DES and SHA-1 (Error: …), PPP (…)`. */
export function lacksText(lacks: readonly Lack[]): string {
  return lacks.map(({ what, said }) => `${what} (${said})`).join(', ');
}

/** What to do about it. */
export function lacksRemedy(lacks: readonly Lack[]): string {
  // A kernel that has no such thing does not say this; it says "No such device", or that it is not supported.
  const { refused = [], absent = [] } = Object.groupBy(lacks, ({ said }) =>
    /not permitted|Permission denied/.test(said) ? 'refused' : 'absent',
  );
  const modules = absent.flatMap((lack) => lack.modules).join(' ');
  const things = refused.map(({ what }) => what).join(' and ');
  return [
    ...(absent.length > 0
      ? [`Type "modprobe -a ${modules}" on the engine's host: no container can load modules of its kernel`]
      : []),
    ...(refused.length > 0
      ? [`Use an engine that lets a container have ${things}: none that is rootless or maps user namespaces`]
      : []),
  ].join('. ');
}
