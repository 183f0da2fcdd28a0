import { boxRules } from '../../fabric/docker/box-rules.ts';
import { loadNatKind, usualNatKind } from '../../nat-kinds.ts';
import { lost, ok, type Probe } from '../probe.ts';

/** Loads the rules of a real NAT box, with the flavour that a lab would choose. */
const script = `
rules=$(cat)
for flavour in nft legacy; do
  if said=$(printf '%s\\n' "$rules" | iptables-$flavour-restore 2>&1); then echo $flavour; exit 0; fi
done
printf '%s\\n' "$said" >&2
exit 1
`;

export const iptablesProbe: Probe = {
  name: 'iptables',
  does: "loads a NAT box's rules: masquerade, forwards, filters",
  async run(bench) {
    const input = boxRules({
      outside: 'lo',
      kind: loadNatKind(usualNatKind),
      forwards: [
        { protocol: 'udp', port: 500, to: '10.0.0.2' },
        { protocol: 'esp', to: '10.0.0.2' },
      ],
    });
    const node = await bench.node();
    const { exitCode, stdout, stderr } = await node.exec(['sh', '-c', script], {
      signal: bench.signal,
      input,
    });
    if (exitCode === 0) return ok(`iptables-${stdout.trim()}`);
    return lost(
      `every topology with a NAT box (${stderr.trim().split('\n')[0] ?? ''})`,
      "Load the modules on the engine's host: modprobe -a nf_nat xt_MASQUERADE xt_conntrack xt_comment nft_compat, " +
        'or ip_tables iptable_nat iptable_filter on an older kernel',
    );
  },
};
