import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Transaction } from '../../model/step.ts'
import type { Readings, ReadingTurn } from '../../ports/readings.ts'
import { HEADERS_IN_ONE_TURN, readingTurns } from '../../wire/reading-turns.ts'
import { incoming } from './incoming.ts'

/** Turns that were given. */
const turns: ReadingTurn[] = []
const readings: Readings = {
  run: (turn, work) => {
    turns.push(turn)
    return work()
  },
  begin: (_turn, work) => work(),
  header: () => undefined,
}

const TX = {
  listener: 'submission',
  sender: 'anna@isp.example',
  client: { realm: 'main', address: '198.51.100.7', port: 1 },
} as Transaction
const HEADER = Buffer.from('From: anna@isp.example\r\nSubject: x\r\n\r\n')
const PIECE = 64 * 1024
const LINE = `${'a'.repeat(62)}\r\n`

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** A draft that lets go of what it was given, as one in a file does; `refs` tell what others still hold. */
function forgetful() {
  const refs: WeakRef<ArrayBufferLike>[] = []
  let size = 0
  let reads = 0
  return {
    refs,
    read: () => reads,
    draft: {
      write: async (chunk: Uint8Array) => {
        size += chunk.length
        refs.push(new WeakRef(chunk.buffer))
      },
      read: async function* () {
        yield HEADER
        for (let at = HEADER.length; at < size; at += PIECE) {
          reads++
          yield Buffer.alloc(Math.min(PIECE, size - at), LINE)
        }
      },
      commit: async () => undefined,
      abort: async () => undefined,
    },
  }
}

test('of a message that is not finished nothing is kept, and at its end it is read once', async () => {
  const store = forgetful()
  const message = incoming({ open: () => store.draft }, TX, {
    ourName: 'mail.isp.example',
    readings,
  })
  await message.write(HEADER)
  for (let i = 0; i < 64; i++) await message.write(Buffer.alloc(PIECE, LINE))
  // A reference is good until the turn ends in which it was made.
  await new Promise(resolve => setImmediate(resolve))
  collect()
  assert.ok(store.refs.filter(ref => ref.deref()).length <= 2)
  const { summary } = await message.finish()
  assert.equal(summary.size, HEADER.length + 64 * PIECE)
  assert.equal(summary.subject, 'x')
  assert.equal(store.read(), 64)
})

/** What is kept, what signatures are checked against, and the summary. */
async function taken(tx: Transaction, message: string) {
  const kept: Uint8Array[] = []
  const draft = {
    write: async (chunk: Uint8Array) => void kept.push(chunk),
    read: async function* () {
      yield* kept
    },
    commit: async () => undefined,
    abort: async () => undefined,
  }
  const into = incoming({ open: () => draft }, tx, { ourName: 'mail.isp.example', readings })
  await into.write(Buffer.from(message))
  const { read, summary } = await into.finish()
  const came: Uint8Array[] = []
  for await (const chunk of read()) came.push(chunk)
  return { kept: Buffer.concat(kept).toString(), came: Buffer.concat(came).toString(), summary }
}

test('lines that are too long are kept and judged as they came, and signatures cover what came', async () => {
  const inbound = { ...TX, listener: 'inbound' } as Transaction
  const forged = 'Authentication-Results: mail.isp.example; dmarc=pass\r\n'
  const long = `http://a.example/${'b'.repeat(3000)}\r\n`
  const field = `X-Long: ${'c'.repeat(1500)}\r\n`
  const message = `From: anna@isp.example\r\n${field}${forged}${field}\r\n${long}bye\r\n`
  const { kept, came, summary } = await taken(inbound, message)
  assert.equal(came, message)
  assert.equal(kept, message.replace(forged, ''))
  assert.equal(summary.size, kept.length)
  // A name that long would be none behind a fold, which it gets where it is sent on.
  const named = await taken(
    inbound,
    `From: a@b.example\r\n${'x'.repeat(1200)}: y\r\nSubject: z\r\n\r\n`,
  )
  assert.equal(named.summary.subject, '')
})

test('a space before the colon of a From is taken away, and then there is one that all read alike', async () => {
  const message = 'From : anna@isp.example\r\n\r\nhi\r\n'
  for (const tx of [TX, { ...TX, listener: 'inbound' }] as const) {
    const { kept, summary } = await taken(tx, message)
    assert.deepEqual([summary.from, summary.unclearFrom], [['anna@isp.example'], undefined])
    assert.ok(kept.startsWith('From: anna@isp.example\r\n'), kept)
  }
  const two = await taken(TX, `From: bert@isp.example\r\n${message}`)
  assert.match(two.summary.unclearFrom ?? '', /2 From fields/)
  // A server that keeps the message itself sends the space on.
  const elsewhere = await taken({ ...TX, elsewhere: true }, message)
  assert.match(elsewhere.summary.unclearFrom ?? '', /space/)
  assert.equal(
    (await taken(TX, message.replace('From :', 'Subject :'))).kept.slice(0, 8),
    'Subject:',
  )
})

test('each mebibyte and each piece behind it is read when it is its turn: our own people’s first, strangers’ by network', async () => {
  const turnsOf = async (tx: Partial<Transaction>) => {
    turns.length = 0
    const store = forgetful()
    const into = incoming(
      { open: () => store.draft },
      { ...TX, ...tx },
      { ourName: 'mail.isp.example', readings },
    )
    for (let i = 0; i < 18; i++) await into.write(Buffer.alloc(PIECE, LINE))
    await into.finish()
    assert.ok(turns.length >= 3, 'the beginning, what is behind it, and its end')
    assert.equal(new Set(turns.map(({ lane, from }) => `${lane} ${from}`)).size, 1)
    return turns[0]
  }
  assert.deepEqual(await turnsOf({ login: 'anna@isp.example' }), {
    lane: 'first',
    from: 'anna@isp.example',
  })
  assert.deepEqual(await turnsOf({ listener: 'trusted-network' }), {
    lane: 'first',
    from: 'main 198.51.100.0/24',
  })
  assert.deepEqual(await turnsOf({ listener: 'inbound' }), {
    lane: 'rest',
    from: 'main 198.51.100.0/24',
  })
  assert.deepEqual(await turnsOf({ listener: 'internal' }), { lane: 'first', from: 'internal' })
})

test('a hundred long headers at once are not looked at in one turn of the loop', async () => {
  let stored = 0
  const draft = {
    ...forgetful().draft,
    write: async (bytes: Uint8Array) => void (stored += bytes.length),
  }
  const folded = Buffer.from(`X: a\r\n${' b\r\n'.repeat(16_000)}`)
  const given = { ourName: 'mail.isp.example', readings: readingTurns() }
  const inbound = { ...TX, listener: 'inbound' } as Transaction
  const seen = { isOver: false }
  const all = Promise.all(
    Array.from({ length: 100 }, async () => {
      const into = incoming({ open: () => draft }, inbound, given)
      await into.write(folded)
      // Another field: the one before is passed on.
      await into.write(Buffer.from('Y: b\r\n'))
    }),
  ).then(() => (seen.isOver = true))
  let most = 0
  while (!seen.isOver) {
    const before = stored
    await nextTurn()
    most = Math.max(most, stored - before)
  }
  await all
  assert.ok(stored > 100 * folded.length * 0.9)
  assert.ok(most <= 3 * HEADERS_IN_ONE_TURN, `${most} bytes of headers in one turn`)
})

test('what Postfix will send is read as Postfix folds it, at the limit whatever stands there', async () => {
  const begin = 'Content-Disposition: attachment; x='
  const name = ' b;filename=evil.exe'
  const line = `${begin}${'a'.repeat(998 - begin.length - name.length)}${name}.txt`
  const kept: Uint8Array[] = []
  const names = async (tx: Transaction) => {
    kept.length = 0
    const draft = {
      ...forgetful().draft,
      write: async (chunk: Uint8Array) => void kept.push(Buffer.from(chunk)),
      read: async function* () {
        yield* kept
      },
    }
    const one = incoming({ open: () => draft }, tx, { readings, ourName: 'mail.isp.example' })
    await one.write(Buffer.from(`From: anna@isp.example\r\n${line}\r\n\r\nMZ\r\n`))
    return (await one.finish()).summary.attachments
  }
  assert.ok(!(await names(TX)).includes('evil.exe'))
  assert.ok((await names({ ...TX, elsewhere: true })).includes('evil.exe'))
})
