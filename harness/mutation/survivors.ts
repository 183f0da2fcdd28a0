/** Defects that no cell notices, and why; `npm run mutate` fails where one of them is noticed, or another is not. */
export const survivors: Readonly<Record<string, string>> = {
  'the client sends no keepalives':
    "PPP's echo, every 30 s, keeps the mapping of short-timeout-nat alive as well",
  'a refusal is not told':
    "the reason of a stop is the refusing end's own word, whether the other end hears it or not",
  'the responder tells of no NAT where there is one':
    'no check compares what both ends say of NAT with each other or with the topology',
};
