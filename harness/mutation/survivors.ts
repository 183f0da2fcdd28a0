/** Defects that no cell notices, and why; `npm run mutate` fails where one of them is noticed, or another is not. */
export const survivors: Readonly<Record<string, string>> = {
  'a NAT lets protocol 50 through':
    'without NAT-T both models of responders stop a client behind NAT for its identity before ESP begins',
  'a NAT that passes protocol 50 drops it':
    'the same: no cell of our own stack sends ESP as protocol 50 through a NAT',
  'the client sends no keepalives':
    "PPP's echo, every 30 s, keeps the mapping of short-timeout-nat alive as well",
  'a refusal is not told':
    "the reason of a stop is the refusing end's own word, whether the other end hears it or not",
  'the client calls itself another user': 'no check asks as whom the responder let a client in',
  'the responder tells of no NAT where there is one':
    'no check compares what both ends say of NAT with each other or with the topology',
};
