// docs/evidence.md: the table of evidence, made from what the program believes.

import {
  ANSWERED,
  AUTH_NOVEL_NETWORK,
  COMPLAINT,
  PASSWORD_AT_DECOY,
  PASSWORD_ON_LIST,
  PROTOCOL_VIOLATION,
  type Cell,
  MESSAGE,
  TRAP,
  TRAP_LED,
  UNREADABLE,
  VOLUME_BURST,
  VOLUME_CROWD,
} from '../../src/core/detection/evidence-table.ts'
import {
  CLEAN,
  type CleanClass,
  type EpisodeClass,
  INFECTED,
} from '../../src/core/detection/episodes/tables.ts'
import { nats } from '../../src/core/detection/nats.ts'
import { NUMBERS } from '../../src/core/detection/numbers.ts'
import { NETWORK_SIGNS } from '../../src/core/detection/signs/signs.ts'
import { forgottenPerDay, thresholds } from '../../src/core/detection/sum.ts'
import { LEAST_USUAL } from '../../src/core/detection/usual-rate.ts'
import { SIGNS, SPAM_AT } from '../../src/drivers/scanners/heuristic.ts'
import { checkConfig } from '../../src/config/load.ts'
import { MAX_HOLD_HOURS } from '../../src/model/decision.ts'
import { DAY, MINUTE } from '../../src/model/duration.ts'
import { evidenceConstants } from './evidence-constants.ts'
import { measuredEvidence } from './measured-evidence.ts'

/** The fewest letters to new people after which a case of a person who writes little is as high as isolates, if no content is scanned. */
export function fewestLetters(): { readonly inFourHours: number; readonly inOneHour: number } {
  const { contain } = thresholds(LEAST_USUAL, checkConfig({}).budgets)
  const letter = nats(MESSAGE['unseen/mostly-new'])
  return {
    inFourHours: Math.ceil((contain + (forgottenPerDay(LEAST_USUAL) * 4) / 24) / letter),
    inOneHour: Math.ceil((contain - nats(VOLUME_BURST)) / letter),
  }
}

export function evidencePage(made: string): string {
  const least = fewestLetters()
  const row = (name: string, cell: Cell) =>
    `| ${name} | ${cell.p0} | ${cell.p1} | ${nats(cell).toFixed(1)} | ${cell.source} |`
  /** No ratio: a number says how sure it is. */
  const certain = (name: string, value: number, why: string) =>
    `| ${name} | – | – | ${value.toFixed(1)} | ${why} |`
  const rows = [
    ...Object.entries(MESSAGE).map(([name, cell]) => row(`message/${name}`, cell)),
    ...Object.entries(ANSWERED).map(([name, cell]) => row(`answer/${name}`, cell)),
    row('auth/novel-network', AUTH_NOVEL_NETWORK),
    row('session/protocol-violation', PROTOCOL_VIOLATION),
    row('volume/burst', VOLUME_BURST),
    row('volume/crowd', VOLUME_CROWD),
    row('message/trap', TRAP),
    row('message/trap-led', TRAP_LED),
    row('message/unreadable', UNREADABLE),
    row('report/complaint', COMPLAINT),
    row('password/at-decoy', PASSWORD_AT_DECOY),
    row('password/on-list', PASSWORD_ON_LIST),
    certain(
      `egress/fan-out-${NUMBERS.certainInProbation.value}p`,
      0,
      NUMBERS.certainInProbation.why,
    ),
    certain(`egress/fan-out-${NUMBERS.certainFanOut.value}`, 0, NUMBERS.certainFanOut.why),
    certain('egress/decoy', NUMBERS.decoy.value, NUMBERS.decoy.why),
    ...NETWORK_SIGNS.flatMap(({ cells }) => cells.map(({ name, cell }) => row(name, cell))),
  ]
  const numbers = Object.entries(NUMBERS).map(
    ([name, { value, unit, why }]) => `| ${name} | ${said(value, unit)} | ${why} |`,
  )
  const constants = evidenceConstants().known.map(
    ({ file, name, value, comment }) =>
      `| \`${name}\` | \`${file}\` | ${value} | ${comment.replaceAll('|', '\\|')} |`,
  )
  return `# The table of evidence

${made}
How often each thing is seen from the 99th-percentile clean subscriber (P0) and from an infected one (P1), and what it says:
ln(P1/P0) in nats, at most 6, never below 0. Sources in brackets are explained at the top of
\`src/core/detection/evidence-table.ts\` and of \`src/core/detection/episodes/tables.ts\`. [est] is our estimate: the bounds are tested with it wrong.

| Cell | P0 | P1 | nats | Source |
|---|---|---|---|---|
${rows.join('\n')}

## Numbers that are in no cell

| Number | Value | Why |
|---|---|---|
${numbers.join('\n')}

## Mail from our own lines to our own exchangers

What a customer's line sends to an \`inbound\` listener, without a login, is evidence of the line as its submitted mail is, and its window holds it up
([why, and what does not count](decisions/0053-mail-to-our-own-exchangers-is-the-lines.md)). Its recipients are known apart from those of the logins: the line
has its own. Not counted: mail to mailboxes of the same customer alone, and what a line with its own mail server (plan \`expert\`, or an opt-out
\`own-server\`) passes on with a Received field. A home server that forwards others' mail to other customers of yours needs that opt-out.

## Whom a customer has written to

Of each login (and of a line for what is sent without one) 8,192 correspondents are known, each for 400 days after the last message; beyond that those who
had none for the longest go first, and are strangers again. Only keyed hashes are kept, 16 bytes with the time: 19 KB for a thousand, 130 KB (computed) for
8,192; a person's ten take 750 bytes with their row. Nothing is asked of the store that was not asked before. Measured on two busy cores: 2 µs a look
for up to a thousand, 6 µs for 8,192, 10 to 40 µs for a stranger who is learned. A full row is written behind as 200 KB of text, once for all messages in
between; it is read again at a start in 6 ms.

## What waits for a word, and what that costs an innocent person

Mail that a case holds (not that of a hold by episodes, which waits in the window) is sent by itself half an hour after the last evidence, as long as the case's sum never was as high as isolates. Of a case
whose sum was (and of one that did contain, once it is released) it is not: what no scanner has read and found clean waits for its owner's word
(portal, or the service desk by telephone with the case code), at most \`MAX_HOLD\`; then it is deleted and its sender gets a DSN (of mail without a login
the customer of the line; where none can be reached, the alarm \`held-deleted\` tells the operator). The signs that are built in are no scanner here. The owner gets a letter and the operator the alarm \`mail-waits\`, each once in ${MAX_HOLD_HOURS} hours.

Without a scanner (policy delegation always) ${least.inFourHours} letters to people never written to before within four hours are as high as that,
and ${least.inOneHour} of them where there are ${NUMBERS.burstFloor.value} letters or more within one hour, also where the others go to people they know; one letter to ${NUMBERS.manyPeople.value} such people counts as nearly three.
An innocent person who writes them finds the next ones waiting, and must send each in the portal or call; if nothing is done, they are deleted after
${MAX_HOLD_HOURS} hours and the sender gets a DSN. On Cordon's first day everyone is new to it. Mail to people they know goes, and a person to whom a letter of theirs went within the last day is no new one, however high the sum is; one whose letter
was held is, and counts again with the next letter. With rspamd what it finds clean goes after half an hour as before.

## Classes of episodes

Which of this is in force, and what of the table above, is said by the setting \`evidence.episodes\`. Its default \`auto\` is decide, but shadow where a
milter or policy service has no releaser, or the policy service counts at RCPT: there nothing could wait, and the table is all that stops a bot.

| | off, shadow | pace | decide (shipped, but \`auto\`) |
|---|---|---|---|
| Table above, mail (message, answer, volume, auth) | adds up | adds up | adds nothing |
| Table above, network, session, traps, complaints, passwords in circulation | adds up | adds up | adds up |
| The window: unproven mail waits | told in shadow | in force | in force |
| hold at X of 9, until X of 6: all mail but owed replies goes by the window | told in shadow | the window is narrow, no case | in force, in the case |
| refuse-network: AUTH and mail of a login from that network | told in shadow | told | in force: 535 5.7.13 (\`network-refused\`) |
| refuse-source: AUTH from a foreign address | told in shadow | told | told (its window is narrow) |
| stop-login | told in shadow | told | in force |
| isolate | told in shadow | told | \`evidence.isolateByMail\`: observe (shipped) tells it, act does it; if the network saw something, too, it is done |

With \`evidence.mode: observe\` all of it is only told: episodes are in shadow, and what the table would decide is the event \`decision-observed\`, once
a day for each subject and at once when it would be another; the case stands as watched, with what would be decided in its summary, and the digest
counts it. Nothing is held, stopped or isolated, and no customer gets a letter, but by an order of staff.

A stop-login ends with a new password, or by staff, or after 30 days: a password that was stolen is no other one after three quiet days. What is
decided changes the case of its line or login: the same letters, releases, probation, orders and fuse as of the table. A hold by evidence by
episodes holds nothing for the case: it stands in the case, and the mail waits in the window; it ends when X is forgotten below 6. A trap that was
written to as to a list adds \`TRAP_NATS\`, and what waits for another kind of evidence finds it in the kinds of an episode from a hold on. After a release only a new episode that adds to the sum stops or
isolates again. With off, shadow and pace the table isolates for mail as it ever did, ordinary mailers with a scanner that errs now and then, too.

An episode is what a subject sends with
pauses of less than six hours. It is weighed by two mixtures of these classes; the sum is of what z exceeds its toll (\`src/core/detection/episodes/mixture.ts\`). Pairs are alpha and beta of a beta
distribution, and of a size its scale and power. After an episode a class weighs \`Persists\` more in the next one, times how surely it was one; of that \`Keeps\` is
left from one episode to the next, and 1/e after so many days.

| Class | Weight | Persists | Keeps | Days | First-timers | Spam to new | Spam to known | Unknown users | Refusals | First-timers, size | Spam, size | Source |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
${[...CLEAN.map(ofClass), ...INFECTED.map(ofClass)].join('\n')}

## The window

At most so much unproven mail of a line or login is on its way at once, whatever is thought of its sender: mail to recipients never written to before,
and mail that a filter takes for spam. In shadow Cordon notes what would wait. With \`evidence.episodes\` set to pace or decide it waits, in the queue of Cordon itself:

- What cannot be read to its end goes to new people as if it were judged spam, and counts nothing by that.
- The sender gets 250 at once. What waits is \`paced\` (\`cordon queue list --paced\`), with what it waits for and about when it leaves; its owner sees the
  same in the portal, and may delete each message there, or send it with a second factor, as staff may.
- Each recipient takes a token. A message to fifty reaches as many of them as fifty messages would, in the order in which they were named, and the
  others wait in front of the next messages; to known people what is judged spam goes to all by its exit. What is more than a day lets go is owed, and
  one to more people than five days let go (about sixty) waits for its owner's word, or returns
  ([why](decisions/0058-a-worm-owes-what-a-day-does-not-let-go.md)).
- A recipient is known from when mail reaches them, not from when it came; and to what is taken for spam those met within a day are not known yet.
- Clean mail to the same person counts three times in an episode, as evidence and as a habit; another message to a person that is taken for spam counts
  unless three clean ones to the same person cover it. Habits widen the window for what is taken for spam up to what the plan has at first, and no
  further: people are easily made, by a domain that takes all. What a limit or a rule holds makes no mailing usual. Another message taken for spam to one
  person alone whom such a message reached today (the last 16) takes a tenth of a token, while almost nothing speaks against its sender
  ([why](decisions/0074-the-window-counts-people-also-of-spam.md)).
- Of mail to 20 known people or more, where more than five times as many got what is taken for spam as clean mail, the rest waits as if it were.
- Known recipients get their copy first; no message overtakes an older one of its bucket, and no bucket closes another. A chore lets go every 15
  seconds what tokens and exits allow, and tells each as \`mail-let-go\`; \`cordon evidence\` shows what waits.
- A case goes first: what is paced and has evidence is held for it, the rest waits while its sender is stopped or isolated. What a case, a limit or a rule
  held waits in the window again when its hold ends by itself; what a person sends goes at once.
- What is taken for spam goes when nothing more of the kind is seen for a while, a few a day; of it is said when it returns, not when it leaves.
- What is taken for spam and finds no way in five days returns to its sender, and so does all that waits when it expires (\`giveUpAfter\`).
- While the store of its records cannot be read, new mail is not held up (as of limits), and what waits already stays: none of it leaves, none returns,
  however old. Then it goes by tokens and exits first; what finds no way and has expired returns.
- More than a thousand messages of one sender that wait in a day are deferred with 452, as held ones are.
- It is charged before it goes, and both are kept: a crash in between charges it twice. Nothing that waits is lost or sent twice.
- Set to shadow again, what waits goes by the same tokens; set to off, it goes at once. An older Cordon does not open a queue of this version.

**Mail that another server keeps** (milter, policy service) takes the same tokens and stands in the same line. That server holds it whole (\`HOLD\`,
reason \`paced\`): it waits for what its new recipients wait for, its recipients get their tokens one after the other, and it goes with the last of
them, through the [releaser](integrate-postfix.md#the-releaser). A message to known people and to strangers therefore waits for all of them. What was
delivered there, accepted or refused is not told to Cordon, so no allowance grows by it: 16 new people an hour (a business 50), and 200 a day. What
returns to its sender is reported by Cordon, and deleted there. By the policy service all mail is unread: its window is the one for mail to people
never written to before. Without a working releaser, without long queue ids, and where that server gives no queue id, nothing is held, and nothing
refused: what tokens there are is charged, what would have waited is told as \`mail-paced\` with \`shadow\`, and the alarm \`no-releaser\` says why. A
policy service with \`countAt: rcpt\` is not asked.

### Asked and told

What waits for half an hour is asked about, in one letter a day to its owner for all of it: how many messages, of which kind, about when the last leaves
by itself. The letter has no link and no code, an answer to it changes nothing, and it does not say what mail that is taken for spam waits for: a thief
may read it. The portal asks the same, with the domains of the recipients, and takes the answer; \`cordon window\` is for staff.

| Word | of its owner | of staff | What it does |
|---|---|---|---|
| it was me (\`answer-question\`) | portal, with the code of a second factor | yes | half of S is forgotten, the episode is learned, 200 new people and 10 messages judged spam are free for a day; once in 14 days |
| a mailing (\`announce-mailing\`) | likewise | yes | so many new people are free for up to 24 hours, and half as many messages judged spam; 2,000 people on a day |
| \`open-window\` | no | with a reason and an end, audited | so many new people, up to 20,000, for up to a week |
| it was not me | portal | yes | the login is stopped until it has a new password; of a line nothing is restricted, for it is used by a household |
| release a case that holds by the window | portal, with the code | yes | all that was known is forgotten |
| release another case, such as an isolation | portal | yes | the line is open again; what its mail said is forgotten with the code alone ([why](decisions/0065-the-password-alone-opens-a-line-and-no-window.md)) |
| send one that waits | portal, with the code | yes | it leaves at once; with the password alone it can be deleted, and no more |
| send one that is held | portal | yes | with the code it leaves at once; without it it leaves its hold, and waits its turn in the window |

So a thief who has only passwords, of the mailbox or of the portal, gains nothing by any of these: measured in \`test/scenarios/owners-word.test.ts\`, a bot
that says all of them reaches exactly those whom a silent one reaches; one whose line is isolated, and that says every six hours for two days that all is
mended, reaches one person more, by the token in 48 hours that each window gives. A second factor is set up from the customer's own line alone. Each word stands in
the journal as \`word-given\`, so a replay has it; one that could not be kept is answered as such.

Not yet: DELAY reports (RFC 3461) are not sent of what waits.

## Measured

Printed by \`cordon simulate --owner all\` on [populations/first.yaml](../populations/first.yaml), kept in \`docs/evidence-measured.txt\`: the mail of bots and
people of that file, with errors that come in runs, through the evidence and the window above on a virtual clock. Each bot was run 20 times (\`--runs\`), each
crowd three times, and four people of each kind lived two years (\`--people\`, \`--years\`): their last columns move from one seed to another. No owner
answers, and mailings are announced where the file says so. Filters are the shares of spam and of clean mail that are judged spam. What was promised of the
first filter and the first owner stands in the file (\`must\`); what is above it stands at the end. \`--errors 2\` shows people with twice the bad luck.
Rows of two filters behind the business are not measured yet. Since decision 0068 all rows of bots of the first filter and the first owner were
measured anew, and of the first filter the worms behind the others, ordinary, invoices, club and business; the others are from before it.

- What the window gives follows from different people and ends at the plan's own
  ([why, and what was measured](decisions/0068-a-window-follows-from-people-and-the-plan.md)): a bot that chatters with a few mailboxes of its own is held
  sooner than one that does not. One that writes clean mail to hundreds of people is not held, and its spam to known people goes by what the plan has: 156
  to 178 of 600 in eight days, a message to each, and what the filter misses is among them.
- **A bot that is patient buys more**: clean mailings for four weeks, and then a spam a day to 75 known people, reaches 226 of 600 in eight days where
  the filter sees all of it, and 300 (375 in one run of ten) where it misses one in ten, which then goes to all; beside chatter and to 60 it is 240. It
  is not held: it sends one message a day. So does one stranger among 75, twice a day: 261 of 600. Twenty known people in a message, four times a day, is
  240 without any patience.
- **Many in a message.** One in ten of such messages is missed: 60 people, eight times a day, 120 of 600 in eight days (median; 300 at most of ten runs), 99 five
  times a day 172 (556), after clean mailings to 20 mailboxes of its own 180 (480). Two messages of 99 a day are too few to be told from a club's: 267 (649).
- **The same few.** 20 spams a day to each of 16 known people reach these 53 to 73 times in eight days, 100 a day to five 87 to 93 times: such a bot is
  held, and was before decision 0074. One that stays below what tells it from a person with a misjudged topic gains: of 25 a day to five people 200 arrive
  (149 before), of 20 a day to two 160 (138). Clean mail to a mailbox of its own covers none of it; four times as much to the same targets does.
- **Splitting, timing and rotation.** The same to 20 people on every second day: 200 (300). After a week of clean mail to 200 a day in turn, 75 spams a day: 158 (163). Clean mail to
  130 of its own each morning, then 600 spams a day: 125 (150), held in each run.
- **Seeding with a catch-all** (an outsider's bots): 28 days of 40 clean messages a day to new addresses of its own, then 5 to 24 spams a day to strangers: 7 to 14 (23), held in 23 of
  24 runs. Forged inbound mail, so that answers are owed: 9 (18). Words of a thief: none, above.
- **Staying inside for ever**: what the plan has, some 16 known people a day, is lost each day to one that is content with it.
- Several logins of one customer have a window each.
- A choir of 300 that writes weekly in four messages of 75 has 22 of 15,600 recipients a year returned, and a person who writes to the same six people
  every evening 8 of 2,190: one mailing in four weeks has room, and six known people are a few more than wait for nothing beside spam.
  A person or program that writes much to few pays little since decision 0074 (ten people, a year, two runs; returned): 120 a day to one mailbox 0 and .2
  of 44,000 (before 39 and 177), 60 a day to ten 0 and .7 (23 and 11), a ticket system of 150 a day to four departments 0 (112 and 279), and 40 and 177 waits
  of judged spam. A machine with a person's plan that writes 500 a day to one address pays as before: 24 and 2,483 returned (202 and 3,228), and two of
  eight were isolated in a year, before and after; the plan is what to change there. Announcing a mailing, or the answer that it was them, ends that.
- What a club gets back is messages to 50 that a filter takes for spam: a third one on a day finds no way within five days. In 200 years (\`--only club
  --filter .9/.02 --people 50 --years 4\`) it is 3.93 recipients a year; eight years say little.
- The row of the business is of eight years, in which little happened: in 40 years of decision 0068 it was 178 clean waits and 88 returned a year.
- Behind a business the filter of .17/.01 isolates one line in eight years, as before.
- The tables below are of a run before decision 0074: worms of many in a message reach fewer people now, and those who write much to few have
  less returned.

${measuredEvidence()}

## Points of the built-in scanner

A message with \`SPAM_AT\` points, ${SPAM_AT}, or more is called spam. Another scanner (\`scanners\`) says it by its own.

| A message has | Points |
|---|---|
${SIGNS.map(({ what, points }) => `| ${what} | ${points} |`).join('\n')}

## Constants

All others of what is seen, weighed and done, as they stand in the source. None of them is a setting.

| Constant | File | Value | What it is |
|---|---|---|---|
${constants.join('\n')}
`
}

const ofClass = (one: EpisodeClass | CleanClass): string => {
  const lasts = 'persists' in one ? [one.persists, one.keeps, one.days] : ['–', '–', '–']
  const pairs = [
    one.firstTimers,
    one.spamToNew,
    one.spamToKnown,
    one.unknownUsers,
    one.refusals,
    one.firstSize,
    one.spamSize,
  ].map(pair => pair?.join(', ') ?? 'any')
  const cells = [one.name, one.weight.toFixed(5).replace(/0+$/, ''), ...lasts, ...pairs, one.source]
  return `| ${cells.join(' | ')} |`
}

const said = (value: number, unit: string): string => {
  if (unit !== 'ms') return `${value} ${unit}`
  return value < DAY ? `${value / MINUTE} minutes` : `${value / DAY} days`
}
