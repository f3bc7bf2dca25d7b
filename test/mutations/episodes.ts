// What is promised of evidence by episodes (src/core/detection/episodes/): its thresholds, its two kinds and its forgetting, which are not in
// force yet, and its window, which may be.

import type { Mutation } from './mutation.ts'

const STEP = 'src/core/detection/episodes/step.test.ts'
const WINDOW = 'src/core/detection/episodes/window/window.test.ts'
const PACED = 'test/scenarios/paced-mail.test.ts'
const OWN_EXCHANGERS = 'test/scenarios/own-exchangers.test.ts'
const STOPS = 'test/scenarios/paced-mail-stops.test.ts'
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
    what: 'episodes: an announced mailing has no bound',
    file: room('step.ts'),
    find: 'bounded(recipients, 0, ANNOUNCED.most)',
    replace: 'bounded(recipients, 0, Infinity)',
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
    what: 'window: one of two subjects is not asked for tokens',
    file: room('window/take.ts'),
    find: '!pays.every(',
    replace: '!pays.some(',
    test: WINDOW,
  },
  {
    what: 'window: there is no ceiling',
    file: room('window/take.ts'),
    find: 'leftToday < perDay * size && ',
    replace: '',
    test: WINDOW,
  },
  {
    what: 'window: the suspect exit does not wait for quiet',
    file: room('window/exits.ts'),
    find: 'if (quiet < step[1] * HOUR) return false',
    replace: '',
    test: WINDOW,
  },
  {
    what: 'window: a bot’s backlog leaves by the suspect exit',
    file: room('window/exits.ts'),
    find: '(known || !calm) && ',
    replace: 'known && ',
    test: WINDOW,
  },
  {
    what: 'window: a day of quiet lets no more leave than half an hour of it',
    file: room('window/exits.ts'),
    find: '1 + Math.floor(quiet / DAY)',
    replace: '1',
    test: WINDOW,
  },
  {
    what: 'window: a quiet backlog leaves whatever is suspected',
    file: room('window/exits.ts'),
    find: 'known || !calm ? 1',
    replace: 'known ? 1',
    test: WINDOW,
  },
  {
    what: 'window: quiet opens the way to known people, too',
    file: room('window/exits.ts'),
    find: 'known || !calm ? 1',
    replace: '!calm ? 1',
    test: WINDOW,
  },
  {
    what: 'window: the night of a bot is quiet enough',
    file: room('tables.ts'),
    find: '  [9, 14, 1],',
    replace: '  [9, 12, 1],',
    test: WINDOW,
  },
  {
    what: 'window: the misses of a campaign leave by the bucket for clean mail',
    file: room('window/bucket-of.ts'),
    find: 'records.some(isCompany)',
    replace: 'false',
    test: WINDOW,
  },
  {
    what: 'window: what was announced waits behind what is judged spam',
    file: room('window/bucket-of.ts'),
    find: '!isVouchedFor(records[0]) && ',
    replace: '',
    test: WINDOW,
  },
  {
    what: 'window: an announcement never ends',
    file: room('window/bucket-of.ts'),
    find: 'own.numbers.at < own.numbers.freeUntil && ',
    replace: '',
    test: WINDOW,
  },
  {
    what: 'window: an announcement has no end of recipients',
    file: room('window/bucket-of.ts'),
    find: ' && own.numbers.freeNew > 0',
    replace: '',
    test: WINDOW,
  },
  {
    what: 'window: a new episode of a hold has no face',
    file: room('window/bucket-of.ts'),
    find: 'record.numbers.holds === 1 && saysSpam(record)',
    replace: 'false',
    test: WINDOW,
  },
  {
    what: 'window: known people get what a bot writes to strangers',
    file: room('window/bucket-of.ts'),
    find: 'firstTimer || whole',
    replace: 'firstTimer',
    test: WINDOW,
  },
  {
    what: 'window: what waits from a refused source pays nothing there',
    file: room('window/take.ts'),
    find: 'return vouched ?',
    replace: 'return true ?',
    test: WINDOW,
  },
  {
    what: 'window: what is to wait lies in the queue as mail that is due',
    file: 'src/engine/intake/envelope.ts',
    find: "window ? 'paced' : 'queued'",
    replace: "'queued'",
    test: STOPS,
    name: 'during a hold clean mail to known people waits beyond its tokens from its first commit on',
  },
  {
    what: 'window: what might have been held is due when it is not',
    file: 'src/engine/intake/keep.ts',
    find: ', byWindow: true',
    replace: '',
    test: PACED,
    name: 'thirty clean invoices to new people: all are taken, some wait, and all go, once and as they came',
  },
  {
    what: 'window: what it lets go takes no token',
    file: 'src/engine/evidence/episodes.ts',
    find: "if (event.kind === 'mail-let-go') await charge(conducting, event)",
    replace: '',
    test: PACED,
    name: 'twenty at once: no more of them leave than the window has tokens',
  },
  {
    what: 'window: what a case stops goes by its tokens',
    file: 'src/engine/evidence/window-release.ts',
    find: "if (last && verdict.kind === 'hold') {",
    replace: 'if (last && !verdict) {',
    test: STOPS,
    name: 'what a case stops: mail with evidence is held for the case, and nothing of it goes',
  },
  {
    what: 'window: what says nothing for infection goes though its sender is stopped',
    file: 'src/engine/evidence/window-release.ts',
    find: 'STOPS.includes(kind)',
    replace: '!kind',
    test: STOPS,
    name: 'what waits while its sender is stopped returns when it expires',
  },
  {
    what: 'window: a hold and a release are a way past it',
    file: 'src/engine/chores/second-look.ts',
    find: ', byWindow: true',
    replace: '',
    test: STOPS,
    name: 'what a case held goes by the window again: a release is no way past it',
  },
  {
    what: 'window: what waits is lent to deliveries',
    file: 'src/drivers/spool/spool-store.ts',
    find: "WHERE r.state = 'queued' AND r.due <= ?",
    replace: "WHERE r.state <> 'held' AND r.due <= ?",
    test: 'test/contracts/paced-mail.test.ts',
    name: 'direct: what is paced is not delivered until it is let go, part by part',
  },
  {
    what: 'window: a message that waits overtakes older ones',
    file: 'src/drivers/spool/paced-parts.ts',
    find: 'ORDER BY m.at, min(r.id))',
    replace: 'ORDER BY m.at DESC)',
    test: 'test/contracts/paced-mail.test.ts',
    name: 'direct: what is paced of one sender is found as it came, with what waits in front',
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

/** Rows of docs/promises.md: what may leave at the worst; more than one kind agrees before anything is isolated. */
export const EPISODES: readonly Mutation[] = LINES.map(line => ({
  row: line.what.startsWith('window:') ? 60 : 39,
  ...line,
}))
