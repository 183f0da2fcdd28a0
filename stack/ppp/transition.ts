/** The table of RFC 1661 4.1 as printed there: action/new-state, "-" for what cannot happen. */
const table = `
        0     1         2         3             4      5      6           7           8           9
Up      2     irc,scr/6 -         -             -      -      -           -           -           -
Down    -     -         0         tls/1         0      1      1           1           1           tld/1
Open    tls/1 1         irc,scr/6 3             5      5      6           7           8           9
Close   0     tlf/0     2         2             4      4      irc,str/4   irc,str/4   irc,str/4   tld,irc,str/4
TO+     -     -         -         -             str/4  str/5  scr/6       scr/6       scr/8       -
TO-     -     -         -         -             tlf/2  tlf/3  tlf/3       tlf/3       tlf/3       -
RCR+    -     -         sta/2     irc,scr,sca/8 4      5      sca/8       sca,tlu/9   sca/8       tld,scr,sca/8
RCR-    -     -         sta/2     irc,scr,scn/6 4      5      scn/6       scn/7       scn/6       tld,scr,scn/6
RCA     -     -         sta/2     sta/3         4      5      irc/7       scr/6       irc,tlu/9   tld,scr/6
RCN     -     -         sta/2     sta/3         4      5      irc,scr/6   scr/6       irc,scr/8   tld,scr/6
RTR     -     -         sta/2     sta/3         sta/4  sta/5  sta/6       sta/6       sta/6       tld,zrc,sta/5
RTA     -     -         2         3             tlf/2  tlf/3  6           6           8           tld,scr/6
RUC     -     -         scj/2     scj/3         scj/4  scj/5  scj/6       scj/7       scj/8       scj/9
RXJ+    -     -         2         3             4      5      6           6           8           9
RXJ-    -     -         tlf/2     tlf/3         tlf/2  tlf/3  tlf/3       tlf/3       tlf/3       tld,irc,str/5
`;

const stateNames = [
  'Initial',
  'Starting',
  'Closed',
  'Stopped',
  'Closing',
  'Stopping',
  'Req-Sent',
  'Ack-Rcvd',
  'Ack-Sent',
  'Opened',
] as const;

export type AutomatonState = (typeof stateNames)[number];
export type AutomatonEvent =
  | 'Up'
  | 'Down'
  | 'Open'
  | 'Close'
  | `${'TO' | 'RCR' | 'RXJ'}${'+' | '-'}`
  | `R${'CA' | 'CN' | 'TR' | 'TA' | 'UC'}`;
export interface Transition {
  readonly actions: readonly string[];
  readonly next: AutomatonState;
}

const transitions = new Map<string, Transition>();

/** What an event does in a state; `undefined` for what cannot happen. */
export function transition(event: AutomatonEvent, state: AutomatonState): Transition | undefined {
  return transitions.get(`${event} in ${state}`);
}

for (const row of table.trim().split('\n').slice(1)) {
  const [event, ...columns] = row.split(/\s+/);
  for (const [index, column] of columns.entries()) {
    const next = stateNames[Number(column.split('/').at(-1))];
    if (next === undefined) continue;
    const actions = column.includes('/') ? (column.split('/')[0] ?? '').split(',') : [];
    transitions.set(`${event} in ${stateNames[index]}`, { actions, next });
  }
}
