import { CrossnatError } from '../../error.ts';

/** A configuration file of a program inside the kernel. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Everything that a cell sets lies here, in memory. */
export const configDirectory = '/run/crossnat';

/** Shell that writes these files for nobody else to read; scripts can be run. No line may be the marker. */
export function writeFiles(files: readonly ConfigFile[]): string {
  const marker = 'END-OF-FILE';
  return [
    'umask 077',
    `mkdir -p ${configDirectory}`,
    ...files.map(({ path, text }) => `cat >${path} <<'${marker}'\n${text.trimEnd()}\n${marker}`),
    ...files.filter(({ text }) => text.startsWith('#!')).map(({ path }) => `chmod 700 ${path}`),
  ].join('\n');
}

/** A key, name or password in double quotes, as charon, pppd and libreswan read them alike. */
export function quoted(what: string, value: string): string {
  // Each of these programs has rules of its own for everything else.
  if (/^[\w.@-]+$/.test(value)) return `"${value}"`;
  throw new CrossnatError('bad-data', {
    doing: 'setting up a Linux peer',
    found: `a ${what} with characters other than letters, digits, "_", ".", "@" and "-"`,
    remedy: 'Use another one for cells with this peer',
  });
}
