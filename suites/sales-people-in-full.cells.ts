import { type Cell, cell } from '../harness/cell.ts';

export const tier = 'nightly';

/** Two places with one private address, and a responder or clients of others: public addresses tell them apart (rule MULTI-4). */
const strangers = ['strongswan', 'strongswan-6', 'libreswan', 'libreswan-5', 'softether'];

export const cells: readonly Cell[] = [
  ...strangers.map((responder) => cell('sales-people', { clients: 2, responder })),
  cell('sales-people', { clients: 2, client: 'strongswan', responder: 'strongswan' }),
  cell('sales-people', { clients: 2, client: 'libreswan', responder: 'libreswan' }),
];
