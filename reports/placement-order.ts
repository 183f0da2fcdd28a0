/** From no NAT to NAT on both sides; others follow by name. */
const usualOrder = ['direct', 'hotel-nat', 'office-nat', 'both-nat', 'shared-nat'];

/** Sorts topologies, and placements that begin with one (`shared-nat/clients=2`). */
export function byPlacement(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : Number(a > b));
}

function rank(placement: string): number {
  const index = usualOrder.indexOf(placement.split('/')[0] ?? '');
  return index === -1 ? usualOrder.length : index;
}
