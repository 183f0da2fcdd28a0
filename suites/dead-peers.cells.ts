import { type Cell, parseCellId } from '../harness/cell.ts';

export const tier = 'nightly';

/** Clients that fall silent before a responder which asks whether they live (RFC 3706, rule PPP-8). */
export const cells: readonly Cell[] = [
  'direct/client=ts:chromeos/responder=ts:setup-ipsec-vpn/event=client-power-cut',
  'hotel-nat/client=ts:macos/responder=ts:setup-ipsec-vpn/event=client-power-cut',
  // Windows announces nothing of the kind, and is not asked.
  'direct/client=ts:windows-10/responder=ts:setup-ipsec-vpn/rule=2/event=client-power-cut',
].map(parseCellId);
