import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Cell, cell } from '../../../cell.ts';
import type { PeerDriver } from '../../peer.ts';
import { cellValue, oppositionOf, type Role, roles } from './opposite.ts';
import type { Finding } from './rules.ts';

const images = resolve(import.meta.dirname, '../../../../images');

/** What a driver says of itself, held against the rules that need no engine; empty when it keeps them. */
export function declarationFindings(driver: PeerDriver): Finding[] {
  const [folder = ''] = driver.image.split('@');
  const image: Finding[] = existsSync(join(images, folder, 'Dockerfile'))
    ? []
    : [{ rule: 'image', found: `there is no images/${folder}/Dockerfile` }];
  return [...image, ...roles.flatMap((role) => refusalFindings(driver, role)), ...playableFindings(driver)];
}

function refusalFindings(driver: PeerDriver, role: Role): Finding[] {
  const value = cellValue(driver, role);
  const named = (values: Partial<Cell>) => cell('direct', { [role]: value, ...values });
  const unknown: [what: string, of: Cell][] = driver.roles.includes(role)
    ? [
        ['a profile that it does not have', named({ [role]: `${driver.name}:no-such-profile` })],
        ['an impairment that nobody has heard of', named({ impair: 'no-such-impairment' })],
      ]
    : [[`the role of a ${role}`, named({})]];
  return unknown.flatMap(([what, of]): Finding[] => {
    const said = driver.unsupported(of, role);
    if (said === undefined) return [{ rule: 'refusals', found: `it takes ${what} for supported` }];
    // A person reads this in a table of results: a code or a single word explains nothing.
    return said.trim().split(/\s+/).length >= 3
      ? []
      : [{ rule: 'refusals', found: `of ${what} it says no more than ${JSON.stringify(said)}` }];
  });
}

function playableFindings(driver: PeerDriver): Finding[] {
  if (driver.roles.length === 0) return [{ rule: 'playable', found: 'it has no role' }];
  return driver.roles.flatMap((role): Finding[] => {
    try {
      if (oppositionOf(driver, role)) return [];
      return [{ rule: 'playable', found: `as a ${role} it comes beyond IPsec with no peer of the registry` }];
    } catch (error) {
      // Nothing is declared of it in harness/facts, for example.
      return [{ rule: 'playable', found: error instanceof Error ? error.message : String(error) }];
    }
  });
}
