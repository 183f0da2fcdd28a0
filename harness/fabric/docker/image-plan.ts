import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CrossnatError } from '../../error.ts';
import { suggestion } from '../../suggestion.ts';
import { baseImage, contentHash, type ImageFile, imageFiles } from './image-hash.ts';
import { type ImageName, parseImageName, readableName, type Suite } from './image-name.ts';
import { type LockedPackage, lockedPackages } from './npm-packages.ts';

/** The project's root: images, lock file and installed packages lie under it. */
export const projectRoot = resolve(import.meta.dirname, '../../..');

/** An image as its folder describes it, on one Debian suite. */
export interface ImagePlan {
  /** As people read it: `strongswan-trixie`. */
  readonly name: string;
  readonly suite: Suite;
  readonly tag: string;
  readonly base: ImagePlan | undefined;
  readonly files: readonly ImageFile[];
  readonly packages: readonly LockedPackage[];
}

/**
 * What it takes to have these images.
 * @param names folders under `images/`, with `@trixie` for another Debian suite than the usual one.
 * @param architecture the engine's, in Node's words.
 * @returns all images from the bottom up, each once; and the tag of each name.
 * @throws CrossnatError for an image or a suite that is not known.
 */
export function planImages(
  names: readonly string[],
  architecture: string,
): { plans: readonly ImagePlan[]; tags: Record<string, string> } {
  const plans = new Map<string, ImagePlan>();
  const tags = names.map((name) => [name, planImage(parseImageName(name), architecture, plans).tag]);
  return { plans: [...plans.values()], tags: Object.fromEntries(tags) };
}

/** Adds an image and all below it to the plans, bases first, and answers it. */
function planImage(image: ImageName, architecture: string, plans: Map<string, ImagePlan>): ImagePlan {
  const name = readableName(image);
  const known = plans.get(name);
  if (known) return known;
  const { folder, suite } = image;
  const directory = join(projectRoot, 'images', folder);
  if (!existsSync(join(directory, 'Dockerfile'))) {
    throw new CrossnatError('usage', {
      doing: `looking for the image "${folder}"`,
      found: `there is no images/${folder}/Dockerfile`,
      remedy: suggestion(folder, imageFolders()),
    });
  }
  const files = imageFiles(directory);
  const below = baseImage(folder, readFileSync(join(directory, 'Dockerfile'), 'utf8'));
  const base = below === undefined ? undefined : planImage({ folder: below, suite }, architecture, plans);
  const list = files.find((file) => file.path === 'npm-packages')?.content.toString() ?? '';
  const packages = lockedPackages(list, join(projectRoot, 'package-lock.json'), architecture);
  const ingredients = [base?.tag ?? suite, architecture, ...packages.map((each) => each.integrity)];
  const tag = `crossnat/${name}:${contentHash(files, ingredients)}`;
  const plan = { name, suite, tag, base, files, packages };
  plans.set(name, plan);
  return plan;
}

function imageFolders(): string[] {
  const entries = readdirSync(join(projectRoot, 'images'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
