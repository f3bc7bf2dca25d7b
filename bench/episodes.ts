// What a message costs the evidence by episodes and its window, in processor time of this process: an ordinary line, a bot's, and a login that
// is used from another network each time; and what it costs to make a record of bytes and bytes of a record, as a store does.

import { decodeRecord, encodeRecord } from '../src/core/detection/episodes/record.ts'
import {
  type KindOfSubject,
  newRecord,
  type SubjectRecord,
} from '../src/core/detection/episodes/state.ts'
import { type Observation, step } from '../src/core/detection/episodes/step.ts'
import { ALLOWANCES } from '../src/core/detection/episodes/tables.ts'
import { bucketOf } from '../src/core/detection/episodes/window/bucket-of.ts'
import { take } from '../src/core/detection/episodes/window/take.ts'
import { HOUR, MINUTE } from '../src/model/duration.ts'
import { alone, type Row } from './pairs.ts'

const FROM = Date.UTC(2026, 0, 5)
const ROUNDS = 7
const SUBJECTS = 50
/** Of each subject in a round. */
const MESSAGES = 400
const { person } = ALLOWANCES
const TARGET = { unit: 'µs of processor time a message', target: 10, better: 'less' } as const

/** No goal asks for it yet; a round trip to a store costs more. */
const CODEC_TARGET = 20

type Message = Extract<Observation, { kind: 'message' }>
type Sender = {
  readonly kind: KindOfSubject
  readonly gap: number
  readonly message: (number: number) => Message
}

const once = { kind: 'message', recipients: 1 } as const
const SENDERS: Readonly<Record<string, Sender>> = {
  'an ordinary line': {
    kind: 'line',
    gap: 3 * HOUR,
    message: i => ({ ...once, firstTimers: i % 25 === 0 ? 1 : 0, judged: 'clean' }),
  },
  'a bot’s line': {
    kind: 'line',
    gap: MINUTE,
    message: i => ({ ...once, firstTimers: 1, judged: i % 10 === 0 ? 'clean' : 'spam' }),
  },
  'a login from many networks': {
    kind: 'login',
    gap: 10 * MINUTE,
    message: i => ({ ...once, firstTimers: 1, judged: 'spam', network: i + 1 }),
  },
}

export async function benchEpisodes(): Promise<Row[]> {
  const rows = Object.entries(SENDERS).map(([name, sender]) =>
    alone(
      { ...TARGET, name: `evidence and window: ${name}` },
      rounds(sent => sends(sender, sent)),
    ),
  )
  const { message } = SENDERS['a login from many networks'] as Sender
  let record = newRecord('login', FROM, person)
  for (let i = 0; i < MESSAGES; i++) record = step(record, [message(i)], FROM + i * MINUTE).state
  const bytes = rounds(count => {
    for (let i = 0; i < count; i++) decodeRecord(encodeRecord(record))
  })
  const codec = { ...TARGET, target: CODEC_TARGET, name: 'evidence: record to bytes and back' }
  return [...rows, alone(codec, bytes)]
}

/** Of each round, and one before them that is not counted. */
function rounds(work: (messages: number) => void): number[] {
  const all = SUBJECTS * MESSAGES
  work(all)
  return Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    work(all)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / all
  })
}

function sends({ kind, gap, message }: Sender, messages: number): void {
  for (let subject = 0; subject < messages / MESSAGES; subject++) {
    let record: SubjectRecord = newRecord(kind, FROM, person)
    for (let i = 0; i < MESSAGES; i++) {
      const at = FROM + i * gap
      const one = message(i)
      const { judged } = one
      const { state, fresh } = step(record, [one], at)
      const firstTimer = one.firstTimers > 0
      const bucket = bucketOf([state], {
        judged,
        hasFirstTimer: firstTimer,
        firstTimer,
        fresh,
        recipients: one.recipients,
      })
      const asked = { bucket, units: 1, judgedSpam: judged === 'spam' }
      record = take([state], asked, person, at).records[0] ?? state
    }
  }
}
