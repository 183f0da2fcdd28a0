import { CrossnatError } from '../../error.ts';
import { suggestion } from '../../suggestion.ts';

/** The Debian suites that images are made of; the first where a name says none. */
export const suites = ['bookworm', 'trixie'] as const;
export type Suite = (typeof suites)[number];

/** Which folder under `images/`, on which Debian. */
export interface ImageName {
  readonly folder: string;
  readonly suite: Suite;
}

/** Reads `strongswan` and `strongswan@trixie`. @throws CrossnatError `usage` for a suite that is not known. */
export function parseImageName(text: string): ImageName {
  const at = text.indexOf('@');
  if (at === -1) return { folder: text, suite: suites[0] };
  const typed = text.slice(at + 1);
  const suite = suites.find((known) => known === typed);
  if (suite !== undefined) return { folder: text.slice(0, at), suite };
  throw new CrossnatError('usage', {
    doing: `looking for the image "${text}"`,
    found: `no image is made of a Debian suite "${typed}"`,
    remedy: suggestion(typed, suites),
  });
}

/** A name as people read it, and as part of a tag: `strongswan`, `strongswan-trixie`. */
export function readableName({ folder, suite }: ImageName): string {
  return suite === suites[0] ? folder : `${folder}-${suite}`;
}
