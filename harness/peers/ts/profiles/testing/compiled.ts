import type { ClientEndpointConfig } from '../../../../../stack/endpoint/config.ts';
import { type Cell, cell } from '../../../../cell.ts';
import { exampleSettings } from '../../../testing/settings.ts';
import { compileClient, loadClientProfile } from '../client-profile.ts';

/** For tests: a client profile as it stands in the hotel, with the cell's changes. */
export function compiledClient(profile: string, values: Partial<Cell> = {}): ClientEndpointConfig {
  const played = cell('hotel-nat', { client: `ts:${profile}`, ...values });
  return compileClient(loadClientProfile(profile), played, exampleSettings('198.18.2.10'), '192.168.1.10');
}
