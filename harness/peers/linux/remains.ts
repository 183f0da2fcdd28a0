/** Before each part of what `remainsScript` prints. */
const parts = ['sas', 'interfaces', 'tunnels', 'ike'] as const;
const mark = '== ';

/** Prints what a kernel and its daemons still hold of connections. */
export function remainsScript(listIkeSas: readonly string[]): string {
  const commands = {
    sas: 'ip xfrm state',
    interfaces: 'ip -o link show type ppp',
    tunnels: 'cat /proc/net/pppol2tp',
    ike: listIkeSas.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '),
  };
  return parts.map((part) => `echo '${mark}${part}'\n${commands[part]} || true`).join('\n');
}

/** What is left, in words; empty after a proper end. */
export function readRemains(printed: string): string[] {
  const found = Object.fromEntries(
    printed.split(new RegExp(`^${mark}`, 'm')).map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return [name, lines.join('\n')];
    }),
  );
  const missing = parts.find((part) => found[part] === undefined);
  if (missing !== undefined) return [`no word about ${missing}`];
  const each = (part: (typeof parts)[number], pattern: RegExp, words: (match: RegExpMatchArray) => string) =>
    [...(found[part] ?? '').matchAll(pattern)].map(words);
  return [
    ...sasIn(found.sas ?? ''),
    ...each('interfaces', /^\d+: (\S+?):/gm, ([, name]) => `interface ${name}`),
    ...each('tunnels', /^TUNNEL '(.+?)'/gm, ([, name]) => `L2TP tunnel ${name}`),
    ...each('ike', /^\S.*$/gm, ([line]) => `IKE SA ${line}`),
  ];
}

/** What has an algorithm is an SA: an SPI that a refused quick mode had reserved goes by itself. */
function sasIn(state: string): string[] {
  return state.split(/^(?=src )/m).flatMap((entry) => {
    const [, from, to, spi] = /^src (\S+) dst (\S+)\n\s+proto \S+ spi (0x[0-9a-f]+)/.exec(entry) ?? [];
    const isSa = spi !== undefined && /^\s+(auth|auth-trunc|enc|aead) /m.test(entry);
    return isSa ? [`SA ${spi} from ${from} to ${to}`] : [];
  });
}
