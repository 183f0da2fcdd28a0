import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';

/**
 * The floors of the house: an import may only point down, the stack stays sans-IO, and the oracle
 * knows nothing of what it judges. `docs/architecture.md` says why. Run alone, it reads every tracked
 * TypeScript file; its test shows that each rule can say no.
 */
export interface SourceFile {
  /** From the top of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** From the top of the checkout, for relative imports. */
  readonly file: string | undefined;
  /** The names between the braces, if any. */
  readonly names: string;
}

/** Top to bottom: a file may import from its own floor and from those below. */
const floors = [/^(\.ci|bench)\//, /^reports\//, /^suites\//, /^harness\//, /^stack\//];
/** What nobody may import from outside, and the one door each has. */
const closedRooms = [{ room: /^harness\/cli\//, door: /^(harness\/(cli\/|start)|reports\/|bench\/|\.ci\/)/ }];
/** Rooms inside the harness that stay ignorant of what stands above or beside them. */
const ignorance = [
  { room: /^harness\/fabric\//, of: /^harness\/(runner|cli|peers|oracle|doctor)\// },
  { room: /^harness\/peers\//, of: /^harness\/(runner|cli|oracle|doctor|fabric\/docker)\// },
  { room: /^harness\/measure\//, of: /^harness\/(runner|cli|oracle|doctor|fabric\/docker)\// },
];
const oracleRoom = /^harness\/oracle\//;
const judged = /^(stack\/|harness\/(fabric|peers)\/)/;

/** Tests, and what only tests use: a folder `testing/` of a room. */
const isTest = (path: string) => /\.test\.ts$|\/testing\//.test(path);
/** The stack's engines: everything but the room with the system calls, and tests. */
const isPure = (path: string) => /^stack\/(?!host\/)/.test(path) && !isTest(path);

/** Parts of node:crypto that draw randomness or answer later. */
const impureCrypto =
  /\b(random\w*|webcrypto|subtle|getRandomValues|generate\w+|scrypt|pbkdf2|hkdf|checkPrime)\b/;

/** Every breach of the floors, as `file: what`. `dependencies` are the packages that an installed crossnat has. */
export function breaches(files: readonly SourceFile[], dependencies: readonly string[]): string[] {
  const imports = files.flatMap(importsOf);
  return [
    ...imports.flatMap((each) => directionBreaches(each).map((what) => `${each.from}: ${what}`)),
    ...imports.flatMap((each) => packageBreaches(each, dependencies).map((what) => `${each.from}: ${what}`)),
    ...oracleBreaches(files, imports),
  ];
}

export function importsOf({ path, text }: SourceFile): Import[] {
  const statement =
    /^(?:import|export)\b([^'"]*?)\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|^[^'"`\n]*\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(statement)].map(([, names = '', named, bare, dynamic]) => {
    const specifier = named ?? bare ?? dynamic ?? '';
    const file = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined;
    return { from: path, specifier, file, names };
  });
}

function directionBreaches({ from, file }: Import): string[] {
  if (file === undefined) return [];
  if (file.startsWith('..')) return [`imports ${file}, outside the project`];
  const found: string[] = [];
  const floorOf = (path: string) => floors.findIndex((floor) => floor.test(path));
  if (floorOf(file) !== -1 && floorOf(file) < floorOf(from)) found.push(`imports ${file}, which is above it`);
  if (isTest(file) && !isTest(from)) found.push(`imports ${file}, which is for tests alone`);
  if (isPure(from) && /^stack\/host\//.test(file))
    found.push(`imports ${file}: the engines do without the host`);
  for (const { room, door } of closedRooms) {
    if (room.test(file) && !door.test(from)) found.push(`imports ${file}: only the entry point may`);
  }
  for (const { room, of } of ignorance) {
    if (room.test(from) && !isTest(from) && of.test(file))
      found.push(`imports ${file}, which it must not know`);
  }
  return found;
}

function packageBreaches(
  { from, specifier, file, names }: Import,
  dependencies: readonly string[],
): string[] {
  if (file !== undefined || isTest(from)) return [];
  const found: string[] = [];
  const name = specifier.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1');
  const builtin = specifier.startsWith('node:') || builtinModules.includes(specifier);
  if (isPure(from) && specifier !== 'node:crypto') found.push(`imports ${specifier}: engines are sans-IO`);
  if (isPure(from) && specifier === 'node:crypto' && impureCrypto.test(names)) {
    found.push(
      `imports ${impureCrypto.exec(names)?.[0]} of node:crypto: randomness comes in, answers come at once`,
    );
  }
  if (/^stack\/host\//.test(from) && !builtin && name !== 'koffi') {
    found.push(`imports ${specifier}: the stack depends on nothing but koffi`);
  }
  if (/^(stack|harness|reports)\//.test(from) && !builtin && !dependencies.includes(name)) {
    found.push(`imports ${specifier}, which an installed crossnat does not have (dependencies)`);
  }
  return found;
}

/** The oracle and everything that it reads, however far: nothing of what it judges is among it. */
function oracleBreaches(files: readonly SourceFile[], imports: readonly Import[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { file } of imports.filter((each) => each.from === path)) {
      if (file === undefined) continue;
      if (judged.test(file))
        found.push(`${[...way, path].join(' -> ')}: reads ${file}, which the oracle judges`);
      else visit(file, [...way, path]);
    }
  };
  for (const { path } of files) if (oracleRoom.test(path)) visit(path, []);
  return found;
}

/** Every TypeScript file that git tracks, but those just deleted. */
export function trackedFiles(top: string): SourceFile[] {
  return execFileSync('git', ['ls-files', '-z', '*.ts'], { cwd: top, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(top, path)))
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}

if (import.meta.main) {
  const top = join(import.meta.dirname, '..');
  const files = trackedFiles(top);
  const { dependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
  const found = breaches(files, Object.keys(dependencies));
  for (const line of found) console.error(line);
  console.log(`floors: ${files.length} files, ${found.length} imports that must not be`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
