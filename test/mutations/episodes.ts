// What is promised of evidence by episodes (src/core/detection/episodes/): its thresholds, its two kinds and its forgetting, and what it decides
// where that is in force.

import type { Mutation } from './mutation.ts'

const STEP = 'src/core/detection/episodes/step.test.ts'
const OWN_EXCHANGERS = 'test/scenarios/own-exchangers.test.ts'
const DECIDE = 'test/scenarios/episodes-decide.test.ts'
const ASKED = 'src/core/isolation/asked.ts'
const HELD =
  'a bot in its owner’s mail is held by the window within a quarter of an hour, and no line is isolated'
const THIEF =
  'a stolen password is refused in the thief’s network, and works for its owner at home and elsewhere'
const ACCEPTED = 'a line is isolated for its mail only where that is accepted in so many words'
const BOUNDS = 'test/scenarios/bounds.test.ts'
const RUNS =
  'days that come in runs, with errors twice as many as the tables say, isolate no person and hold once in five years'
const room = (file: string) => `src/core/detection/episodes/${file}`

type Line = Omit<Mutation, 'row'>

const threshold = (name: string, value: string, what: string): Line => ({
  what: `episodes: ${what}`,
  file: room('tables.ts'),
  find: `export const ${name} = ${value}`,
  replace: `export const ${name} = 0.5 * ${value}`,
  test: STEP,
})

const LINES: readonly Line[] = [
  {
    what: 'simulate: what is above its must is not said',
    file: 'src/simulation/virtual/musts.ts',
    find: 'value < 0 || value > most',
    replace: 'value < 0',
    test: 'src/simulation/virtual/musts.test.ts',
  },
  threshold('HOLD_AT', '9', 'a hold begins at half its threshold'),
  threshold('HOLD_ENDS', '6', 'a hold lasts until half the suspicion'),
  threshold('REFUSE_NETWORK_AT', '10', 'a network is refused at half the sum'),
  {
    what: 'episodes: a network is refused for one message',
    file: room('tables.ts'),
    find: 'export const REFUSE_NETWORK = { spam: 2,',
    replace: 'export const REFUSE_NETWORK = { spam: 1,',
    test: STEP,
  },
  {
    what: 'episodes: a network is refused though most of what is sent from there is clean',
    file: room('decide.ts'),
    find: ' || judgedSpamOf(draft) < REFUSE_NETWORK.share * scannedOf(draft)',
    replace: '',
    test: STEP,
  },
  threshold('REFUSE_ROAMER_AT', '13', 'a network of a login that roams is refused at half the sum'),
  threshold('STOP_AT', '13', 'a login is stopped at half its threshold'),
  threshold('STOP_ROAMER_AT', '16', 'a login that roams is stopped at half its threshold'),
  threshold('ISOLATE_AT', '18', 'a line is isolated at half its threshold'),
  threshold('ALONE_ABOVE', '6', 'one kind alone is enough at half of what is added'),
  threshold('FORGOTTEN_A_DAY', '0.7', 'half is forgotten'),
  {
    what: 'episodes: one kind is enough',
    file: room('decide.ts'),
    find: 'kinds.length >= 2',
    replace: 'kinds.length >= 1',
    test: STEP,
  },
  {
    what: 'episodes: kinds that prove nothing isolate',
    file: room('decide.ts'),
    find: 'kinds.some(proves) &&',
    replace: '',
    test: STEP,
  },
  {
    what: 'episodes: what is said again adds to the sum',
    file: room('weigh-episode.ts'),
    find: 'above(z) - above(numbers.z)',
    replace: 'above(z)',
    test: STEP,
  },
  {
    what: 'episodes: what is learned while suspected counts',
    file: room('begin-episode.ts'),
    find: 'if (numbers.sum >= LEARN_BELOW) oldBucket.fill(0)',
    replace: 'if (numbers.sum < 0) oldBucket.fill(0)',
    test: STEP,
  },
  {
    what: 'episodes: a login that roams has no strange hands free',
    file: room('tables.ts'),
    find: 'export const ROAMER_FREE = 1',
    replace: 'export const ROAMER_FREE = 0',
    test: STEP,
  },
  {
    what: 'episodes: a new password makes what was seen forgotten',
    file: 'src/engine/orders/end-case.ts',
    find: 'proven ? caseReleased(now, at) : caseChanged(now, at)',
    replace: "by === 'password-change' || proven ? caseReleased(now, at) : caseChanged(now, at)",
    test: 'test/scenarios/owners-word.test.ts',
  },
  {
    what: 'episodes: a new password ends a hold by the window',
    file: 'src/engine/orders/change-password.ts',
    find: '.some(({ byWindow }) => !byWindow)',
    replace: '.length > 0',
    test: 'test/scenarios/owners-word.test.ts',
  },
  {
    what: 'episodes: spam that says it answers by itself leaves as clean mail does',
    file: 'src/core/detection/observations-in.ts',
    find: "if (content === 'spam') return 'spam'",
    replace: "if (content === 'spam' && !answer) return 'spam'",
    test: 'test/scenarios/owed-replies.test.ts',
  },
  {
    what: 'episodes: the host of many users is a foreign address that they share',
    file: 'src/engine/evidence/episode-facts.ts',
    find: 'who.crowd || isLoopback(address)',
    replace: 'isLoopback(address)',
    test: 'src/engine/evidence/episode-facts.test.ts',
  },
  {
    what: 'episodes: they decide beside a server that can keep nothing',
    file: 'src/config/episodes-of.ts',
    find: "isBeside && !canKeep ? 'shadow' : 'decide'",
    replace: "isBeside && !canKeep ? 'decide' : 'decide'",
    test: 'src/config/episodes-of.test.ts',
  },
  {
    what: 'episodes: a trap says nothing',
    file: 'src/core/detection/observations-in.ts',
    find: "if (cell !== 'message/trap') return []",
    replace: "if (cell !== 'trap') return []",
    test: 'test/scenarios/traps.test.ts',
  },
  {
    what: 'episodes: what an outsider may have written to a trap is content evidence',
    file: 'src/core/detection/observations-in.ts',
    find: "facts.trapped ? 'unseen' : judgedOf(facts)",
    replace: 'judgedOf(facts)',
    test: 'test/scenarios/scenarios.test.ts',
  },
  {
    what: 'episodes: mail that cannot be read goes to new people as clean mail does',
    file: 'src/core/detection/observations-in.ts',
    find: 'const isHidden = damaged.length > 0 &&',
    replace: 'const isHidden = damaged.length > 99 &&',
    test: 'test/scenarios/unreadable.test.ts',
  },
  {
    what: 'episodes: an announced mailing has no bound',
    file: room('step.ts'),
    find: '...one }, ANNOUNCED.most, at)',
    replace: '...one }, Infinity, at)',
    test: STEP,
  },
  {
    what: 'episodes: of an announced mailing no more may be misjudged than the owner’s word gives',
    file: room('step.ts'),
    find: 'Math.floor(all * ANNOUNCED.spam)',
    replace: '0',
    test: STEP,
  },
  {
    what: 'a release by a person leaves the episodes of its subject as they are',
    file: 'src/core/detection/observations-in.ts',
    find: 'event.released ?',
    replace: 'false ?',
    test: 'test/scenarios/paced-mail-stops.test.ts',
    name: 'a release by staff begins the episodes of its subject anew: their window is no longer slow',
  },
  {
    what: 'episodes that decide: mail adds to the sums of the table, too',
    file: 'src/engine/evidence/report.ts',
    find: "withoutMail: parts.episodes !== undefined && (observes || parts.episodes.mode === 'decide'),",
    replace: 'withoutMail: false,',
    test: DECIDE,
    name: HELD,
  },
  {
    what: 'episodes that decide: what the network sees adds nothing, either',
    file: 'src/core/detection/of-mail.ts',
    find: '!TRAPS.includes(cell) && ROOMS.some(room => cell.startsWith(room))',
    replace: '!TRAPS.includes(cell) || ROOMS.some(room => cell.startsWith(room))',
    test: DECIDE,
    name: 'what the network sees isolates within a second, also where mail is held by the window',
  },
  {
    what: 'episodes that decide: a hold holds mail for the case',
    file: 'src/core/isolation/mail-verdict.ts',
    find: ' && !byWindow)',
    replace: ')',
    test: DECIDE,
    name: HELD,
  },
  {
    what: 'episodes that decide: a hold does not end',
    file: ASKED,
    find: 'const until = Math.round(at + Math.max(LEAST, forgotten))',
    replace: 'const until = Math.round(at + 90 * DAY)',
    test: DECIDE,
    name: 'a hold ends by itself, at the latest when its suspicion is forgotten',
  },
  {
    what: 'episodes that decide: a login is refused from no network',
    file: 'src/core/policy/containment.ts',
    find: "if (step.refusedHere) return { kind: 'reject', reason: 'network-refused', help }",
    replace: '',
    test: DECIDE,
    name: THIEF,
  },
  {
    what: 'episodes that decide: a login that is refused from one network is refused from all',
    file: 'src/engine/evidence/attribute.ts',
    find: 'network !== undefined && onLogin.some(({ byWindow }) => byWindow?.refuses.includes(network))',
    replace: 'onLogin.some(({ byWindow }) => byWindow)',
    test: DECIDE,
    name: THIEF,
  },
  {
    what: 'episodes that decide: no login is stopped',
    file: ASKED,
    find: "return decision === 'stop-login' || isConfirmed ? 'stop-login' : undefined",
    replace: "return isConfirmed ? 'stop-login' : undefined",
    test: DECIDE,
    name: 'a thief who moves from network to network has the login stopped',
  },
  {
    what: 'episodes that decide: a line is isolated for its mail though that was not accepted',
    file: ASKED,
    find: "isolateByMail === 'observe' && ",
    replace: "isolateByMail !== 'observe' && ",
    test: DECIDE,
    name: ACCEPTED,
  },
  {
    what: 'episodes that decide: what is decided is asked once, and lost in a crash',
    file: 'src/engine/evidence/episodes.ts',
    find: 'if (!isSource(one.subject)) await',
    replace: 'if (!isSource(one.subject) && one.decision !== one.before) await',
    test: DECIDE,
    name: 'ended between a record and its case, Cordon decides with the next message',
  },
  {
    what: 'a worm’s message to any number of known people leaves whole',
    file: 'src/core/detection/episodes/window/exits.ts',
    find: '  if (known && pays.some(one => !mayOwe(one, waits.size, allowance))) return false\n',
    replace: '',
    test: 'test/scenarios/worms.test.ts',
  },
  {
    what: 'bounds: an unlucky topic is as unlikely on its second day as on its first',
    file: room('tables.ts'),
    find: '    persists: 0.75,',
    replace: '    persists: 0,',
    test: BOUNDS,
    name: RUNS,
  },
  {
    what: 'bounds: a hold begins at half its threshold',
    file: room('tables.ts'),
    find: 'export const HOLD_AT = 9',
    replace: 'export const HOLD_AT = 4.5',
    test: BOUNDS,
    name: RUNS,
  },
  {
    what: 'bounds: a line is isolated at a third of its threshold',
    file: room('tables.ts'),
    find: 'export const ISOLATE_AT = 18',
    replace: 'export const ISOLATE_AT = 6',
    test: BOUNDS,
    name: RUNS,
  },
  {
    what: 'a release by the password alone forgets what was known',
    file: 'src/engine/orders/release.ts',
    find: "return 'not proven'",
    replace: "return 'proven'",
    test: 'test/scenarios/owners-word.test.ts',
    name: 'a thief at home who says that all is mended, and sends what is held, gains no more than any window gives',
  },
  {
    what: 'the password alone sends what is held past the window',
    file: 'src/engine/orders/settle-message.ts',
    find: '{ byWindow: true as const } : {}',
    replace: '{} : {}',
    test: 'test/scenarios/owners-word.test.ts',
    name: 'a thief at home who says that all is mended, and sends what is held, gains no more than any window gives',
  },
  {
    what: 'a worm lives by the habit that it teaches',
    file: room('habit.ts'),
    find: 'Math.min(mostSpam, late(numbers.lateSpam, HABIT_MOST))',
    replace: 'late(numbers.lateSpam, HABIT_MOST)',
    test: room('written.test.ts'),
    name: 'a day of spam teaches little of a habit, however much it was: a worm stretched its own sizes by it',
  },
  {
    what: 'tokens give a worm a second day',
    file: room('window/take.ts'),
    find: "if (asked.bucket === 'spam-to-known' && isDayOver(record, allowance)) return false",
    replace: '',
    test: 'test/scenarios/worms.test.ts',
    name: '… nor more by the habit that it teaches, or by tokens beside its exit',
  },
  {
    what: 'whom a message greeted two hours ago is known to spam',
    file: 'src/core/detection/observations-in.ts',
    find: '  return Math.min(recipients, firstTime + met)\n',
    replace: '  return firstTime\n',
    test: 'test/scenarios/greeted-first.test.ts',
  },
  {
    what: 'those are known whom mail that waits has not reached',
    file: 'src/engine/intake/count-message.ts',
    find: '  if (members.length === 0) return\n',
    replace: '  if (members.length >= 0) return\n',
    test: 'test/scenarios/greeted-first.test.ts',
  },
  {
    what: 'a record stays in the future in which a wrong clock left it',
    file: 'src/engine/evidence/episode-records.ts',
    find: 'record: bringBack(decoded.record, at)',
    replace: 'record: decoded.record',
    test: 'test/scenarios/clock-ahead.test.ts',
  },
  {
    what: 'a stolen login works again after three quiet days',
    file: 'src/core/isolation/asked.ts',
    find: "    until: at + (kind === 'stop-login' ? LONGEST[kind] : QUIET_FOR),\n",
    replace: '    until: at + QUIET_FOR,\n',
    test: 'test/scenarios/stopped-login-stays.test.ts',
  },
  {
    what: 'the correspondents of a business have no more room than any row',
    file: 'src/engine/evidence/correspondents.ts',
    find: 'window: KEPT,\n  room: MOST_KNOWN,',
    replace: 'window: KEPT,',
    test: 'test/scenarios/episodes.test.ts',
    name: 'a business of thousands: those to whom it wrote within 400 days are no strangers to it',
  },
  {
    what: 'mail of a line to our own exchangers is no evidence',
    file: 'src/engine/intake/fed-by.ts',
    find: "if (tx.listener !== 'inbound' || subjects.length === 0) return subjects",
    replace:
      "if (tx.listener !== 'inbound') return subjects\n  if (who.login === undefined) return []",
    test: OWN_EXCHANGERS,
    name: 'a bot that spams our own mailboxes past the login is seen, and its mail waits',
  },
  {
    what: 'what a line sends to its own customer is evidence',
    file: 'src/engine/intake/fed-by.ts',
    find: 'if (isToThemselves(parts, tx, who)) return []',
    replace: '',
    test: OWN_EXCHANGERS,
    name: 'what a line sends to the mailboxes of its own customer reaches no other person: no evidence',
  },
  {
    what: 'a Received field is believed of every line',
    file: 'src/engine/intake/fed-by.ts',
    find: 'hops > 0 && runsServer(parts, who)',
    replace: 'hops > 0',
    test: OWN_EXCHANGERS,
    name: 'that it passes mail on is believed of a line that runs a mail server, and of no other',
  },
]

/** A row of docs/promises.md: more than one kind agrees before anything is isolated. */
export const EPISODES: readonly Mutation[] = LINES.map(line => ({ row: 39, ...line }))
