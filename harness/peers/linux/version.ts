import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';

/** The versions of Debian packages in a node: the first one's alone, then the others by name. */
export async function packageVersions(
  node: LabNode,
  packages: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { exitCode, stdout, stderr } = await node.exec(['dpkg-query', '-W', ...packages], { signal });
  if (exitCode !== 0) {
    throw new CrossnatError('broken', {
      doing: `reading the versions of ${packages.join(', ')} in node ${node.name}`,
      found: stderr.trim(),
      remedy: "Give the node the image that the peer's driver names",
    });
  }
  return versionText(stdout, packages);
}

/** `5.9.8-5+deb12u5 with xl2tpd 1.3.18-1, ppp 2.4.9-1+1.1+b1` of dpkg-query's lines. */
export function versionText(lines: string, [first = '', ...others]: readonly string[]): string {
  const versions = new Map(lines.split('\n').map((line) => line.split('\t') as [string, string | undefined]));
  return `${versions.get(first)} with ${others.map((name) => `${name} ${versions.get(name)}`).join(', ')}`;
}
