// The thread that asks the DNS. c-ares reads a whole answer, and node:dns makes objects of all of it: tens of ms for 64 KB, which the owner of any
// zone may send. That happens here, in turns of the zones (zone-turns.ts), and the engine's thread gets the first of it.

import { parentPort, workerData } from 'node:worker_threads'
import { postTogether } from '../post-together.ts'
import {
  ANSWERED_WITHIN,
  type DnsStart,
  type PostedAnswer,
  type PostedQuestion,
} from './dns-messages.ts'
import { nodeAsker } from './node-resolver.ts'
import { zoneOf } from './zone-of.ts'
import { ZoneTurns } from './zone-turns.ts'

const port = parentPort
if (!port) throw new Error('the DNS is asked in a worker thread')

const { servers } = workerData as DnsStart
const say: (answer: PostedAnswer) => void = postTogether(port)
const turns = new ZoneTurns<PostedQuestion>()
// What the system has for servers is read now, and what is wrong with ours is said at the start.
const asked = nodeAsker(servers)
let timer: NodeJS.Timeout | undefined

async function ask(zone: string, { n, name, type }: PostedQuestion): Promise<void> {
  let read: number | undefined
  try {
    const first = await asked(name, type)
    read = first.read
    say({ n, found: first.kept })
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (NOTHING_THERE.has(code)) read = 0
    say({ n, code })
  }
  turns.ended(zone, read, performance.now())
  askNext()
}

/** Answers, too. */
const NOTHING_THERE = new Set(['ENODATA', 'ENOTFOUND'])

function askNext(): void {
  const now = performance.now()
  for (let turn = turns.next(now); turn; turn = turns.next(now)) void ask(turn.zone, turn.question)
  const pause = turns.pause(now)
  clearTimeout(timer)
  if (pause !== undefined) timer = setTimeout(askNext, pause)
}

port.on('message', (questions: readonly PostedQuestion[]) => {
  const until = performance.now() + ANSWERED_WITHIN
  for (const question of questions) {
    if (!turns.add(zoneOf(question.name), { question, until }))
      say({ n: question.n, code: 'ETIMEOUT' })
  }
  askNext()
})
port.postMessage('ready')
