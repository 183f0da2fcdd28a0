/** What the conformance probe asks of every peer in every role, by the words of `docs/adding-a-peer.md`. */
export const rules = {
  image: 'its image is a folder of images/ with a Dockerfile',
  refusals: 'what it cannot play it declares in words: another role, profile, impairment',
  playable: 'the rule table knows a cell in which it comes beyond IPsec',
  start: 'its program starts, and says which version it is',
  'status-anytime': 'it can be asked for its status at any time, and holds nothing before the first call',
  configure: 'it takes the settings of a cell; a responder listens when that is done',
  connect: 'it connects, and a client tells of the stages on its way',
  ends: 'both ends show the same connection, whole, in the form of all peers',
  traffic: 'traffic that is bound to its tunnel passes',
  log: 'it has a log of the cell, in which no secret stands',
  keys: 'keys that it gives away are those of the connection',
  'several-clients': 'a responder keeps the connections of several clients apart',
  end: 'after the end nothing is left at either end',
  'next-cell': 'the next cell on the same lab takes its own settings and shows its own connection alone',
  stop: 'a connection that is refused is a result, and says where it stopped and why',
  'clear-l2tp': 'no L2TP outside IPsec goes out, comes in or is answered',
  abort: 'it ends at once when it is told to give up',
  restart: 'stopped, it leaves its node to a next one',
} as const;

export type Rule = keyof typeof rules;

/** A rule that a peer breaks, and how that shows. */
export interface Finding {
  readonly rule: Rule;
  readonly found: string;
}
