// What every spool must do, run against every one there is.

import assert from 'node:assert/strict'
import { readdirSync, readlinkSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { ONCE_KEPT, type Spool } from '../../src/ports/spool.ts'
import { folderOf, owned } from '../support/owned.ts'
import { AT, message, put, read, recipient } from '../support/spooled.ts'
import { SPOOLS } from '../support/spools.ts'

for (const [name, open] of Object.entries(SPOOLS)) {
  const using = (what: string, body: (spool: Spool) => Promise<void>) =>
    test(`${name}: ${what}`, async t => {
      await body(await open(t))
    })

  using('what is not committed yet can be read, more than once, small and large', async spool => {
    for (const size of [1, 1000, 90_000, 300_000]) {
      const draft = spool.open()
      const whole = async () => {
        const parts: Uint8Array[] = []
        for await (const part of draft.read()) parts.push(part)
        return Buffer.concat(parts)
      }
      assert.equal((await whole()).length, 0)
      for (let i = 0; i < 3; i++) await draft.write(Buffer.alloc(size, 65 + i))
      const wanted = Buffer.concat([65, 66, 67].map(letter => Buffer.alloc(size, letter)))
      assert.ok((await whole()).equals(wanted), `${size} bytes`)
      assert.ok((await whole()).equals(wanted), 'again')
      await draft.commit(message(`m${size}`, [recipient('x@b.example')], { headers: '' }))
      assert.equal((await read(spool, `m${size}`)).length, wanted.length)
    }
    const dropped = spool.open()
    await dropped.write(Buffer.alloc(300_000))
    await dropped.abort()
  })

  using(
    'what is to be taken once is taken once, also when it is gone since, small and large',
    async spool => {
      for (const size of [10, 300_000]) {
        const once = `letter ${size}`
        const bytes = Buffer.alloc(size, 'a')
        await put(spool, message(`first${size}`, [recipient('x@b.example')], { once }), bytes)
        await put(spool, message(`second${size}`, [recipient('x@b.example')], { once }), bytes)
        const [only, ...others] = await spool.list({})
        assert.deepEqual([only?.message, others.length], [`first${size}`, 0])
        await spool.change({ message: `first${size}` }, { to: 'gone' })
        await put(spool, message(`third${size}`, [recipient('x@b.example')], { once }), bytes)
        assert.deepEqual(await spool.list({}), [])
      }
      // A month later it is another one.
      const at = AT + ONCE_KEPT + 1
      const late = { once: 'letter 10', at }
      await put(spool, message('late', [recipient('x@b.example')], late), Buffer.from('a'))
      assert.equal((await spool.list({})).length, 1)
    },
  )

  using('a held message may go on with a field in front', async spool => {
    const waits = recipient('x@b.example', { state: 'held' })
    await put(
      spool,
      message('one', [waits, { ...waits, address: 'y@b.example' }]),
      Buffer.from('z'),
    )
    const change = { to: 'queued', due: AT, header: 'X-Spam-Flag: YES\r\n' } as const
    await spool.change({ message: 'one', state: 'held' }, change)
    assert.equal(await read(spool, 'one'), 'X-Spam-Flag: YES\r\nReceived: here\r\nz')
  })

  using('what is written is read back, headers first, small and large', async spool => {
    await put(
      spool,
      message('small', [recipient('x@b.example')]),
      Buffer.from('Subject: x\r\n\r\n'),
      Buffer.from('body\r\n'),
    )
    const part = Buffer.alloc(50_000, 'y')
    await put(spool, message('large', [recipient('x@b.example')]), part, part, part, part)
    assert.equal(await read(spool, 'small'), 'Received: here\r\nSubject: x\r\n\r\nbody\r\n')
    assert.equal((await read(spool, 'large')).length, 200_000 + 'Received: here\r\n'.length)
  })

  using(
    'everything that waits for its next try is tried now, and what is held stays held',
    async spool => {
      const later = { due: AT + 1000 }
      await put(spool, message('later', [recipient('x@b.example', later)]))
      await put(spool, message('held', [recipient('y@b.example', { ...later, state: 'held' })]))
      let told = 0
      spool.onDue(flushed => (told += flushed ? 1 : 0))
      assert.equal(await spool.flush(AT), 1)
      assert.equal(told, 1)
      const claims = await spool.claim(AT, 10, 1000)
      assert.deepEqual(
        claims.map(claim => claim.message),
        ['later'],
      )
    },
  )

  using('how much waits, and since when', async spool => {
    await put(spool, message('a', [recipient('x@b.example'), recipient('y@b.example')]))
    await put(spool, message('b', [recipient('z@b.example', { state: 'held' })], { at: AT + 5 }))
    const totals = await spool.totals()
    assert.deepEqual(
      totals.toSorted((one, other) => one.state.localeCompare(other.state)),
      [
        { state: 'held', recipients: 1, since: AT + 5 },
        { state: 'queued', recipients: 2, since: AT },
      ],
    )
  })

  using('what a sender asked for goes along', async spool => {
    const esmtp = { notify: ['delay'], original: 'rfc822;x' } as const
    const asked = message('m', [recipient('x@b.example', { esmtp })], {
      esmtp: { eightBit: true, returned: 'full' },
    })
    await put(spool, asked)
    const [claim] = await spool.claim(AT, 10, 1000)
    assert.deepEqual(claim?.esmtp, { eightBit: true, returned: 'full' })
    assert.deepEqual(claim?.recipients[0]?.esmtp, esmtp)
    assert.equal(claim?.recipients[0]?.warned, false)
  })

  using('a draft that is given up leaves nothing', async spool => {
    const draft = spool.open()
    await draft.write(Buffer.alloc(200_000))
    await draft.abort()
    assert.deepEqual(await spool.list({}), [])
  })

  using('what is due is lent once, the oldest first', async spool => {
    await put(
      spool,
      message('late', [recipient('l@b.example', { due: AT + 10 })]),
      Buffer.from('x'),
    )
    await put(spool, message('early', [recipient('e@b.example')]), Buffer.from('x'))
    await put(
      spool,
      message('tomorrow', [recipient('t@b.example', { due: AT + 1e6 })]),
      Buffer.from('x'),
    )
    const claims = await spool.claim(AT + 10, 10, 1000)
    assert.deepEqual(
      claims.map(claim => claim.message),
      ['early', 'late'],
    )
    assert.deepEqual(await spool.claim(AT + 10, 10, 1000), [])
    // Whoever borrowed it is gone.
    assert.equal((await spool.claim(AT + 2000, 10, 1000)).length, 2)
    assert.equal(await spool.nextDue(AT + 10), AT + 1e6)
  })

  using(
    'of a message all that is due is lent at once, however little was asked for',
    async spool => {
      const three = ['a@b.example', 'c@d.example', 'e@f.example'].map(to => recipient(to))
      await put(spool, message('first', three), Buffer.from('x'))
      await put(spool, message('second', three), Buffer.from('x'))
      const lent = async (most: number) =>
        (await spool.claim(AT, most, 1000)).map(claim => [claim.message, claim.recipients.length])
      assert.deepEqual(await lent(2), [['first', 3]])
      assert.deepEqual(await lent(1), [['second', 3]])
      assert.deepEqual(await lent(10), [])
    },
  )

  using('a message goes when its last recipient is settled', async spool => {
    await put(
      spool,
      message('two', [recipient('a@b.example'), recipient('c@d.example')]),
      Buffer.from('x'),
    )
    const [claim] = await spool.claim(AT, 10, 1000)
    const [first, second] = claim?.recipients ?? []
    assert.ok(first && second)
    await spool.settle([
      { recipient: first.id, outcome: 'done' },
      { recipient: second.id, outcome: 'retry', nextAttempt: AT + 500, answer: '451 later' },
    ])
    const [left] = await spool.list({})
    assert.deepEqual(
      [left?.recipient, left?.attempts, left?.why, left?.due],
      ['c@d.example', 1, '451 later', AT + 500],
    )
    const [again] = await spool.claim(AT + 500, 10, 1000)
    assert.equal(again?.recipients[0]?.attempts, 1)
    await spool.settle([{ recipient: again?.recipients[0]?.id ?? 0, outcome: 'failed' }])
    assert.deepEqual(await spool.list({}), [])
    await assert.rejects(spool.body('two'))
  })

  using('held mail is not delivered, can be released and purged by what it says', async spool => {
    const held = { state: 'held', due: AT + 100, why: 'evidence' } as const
    await put(
      spool,
      message('suspect', [recipient('a@b.example', held)], { nats: 5.9 }),
      Buffer.from('x'),
    )
    await put(
      spool,
      message('doubtful', [recipient('a@b.example', held)], { nats: 0.7 }),
      Buffer.from('x'),
    )
    await put(
      spool,
      message('other', [recipient('a@b.example', held)], {
        nats: 5.9,
        subscriber: '2',
        login: 'b@isp.example',
      }),
      Buffer.from('x'),
    )
    assert.deepEqual(await spool.claim(AT + 1000, 10, 1000), [])
    assert.equal((await spool.list({ state: 'held', dueBefore: AT + 100 })).length, 3)
    const purged = await spool.change(
      { subscriber: '1', state: 'held', minNats: 2 },
      { to: 'gone' },
    )
    assert.deepEqual(
      purged.map(row => row.message),
      ['suspect'],
    )
    await spool.change({ message: 'doubtful' }, { to: 'queued', due: AT + 5 })
    assert.deepEqual(
      (await spool.claim(AT + 5, 10, 1000)).map(claim => claim.message),
      ['doubtful'],
    )
    assert.deepEqual(
      (await spool.list({ state: 'held' })).map(row => row.message),
      ['other'],
    )
  })

  using('whoever waits for work is woken', async spool => {
    let woken = 0
    spool.onDue(() => woken++)
    await put(spool, message('now', [recipient('a@b.example')]), Buffer.from('x'))
    assert.ok(woken > 0)
  })
}

test('sqlite: a restart finds every message, lends it anew, and sweeps bodies nobody was promised', async t => {
  const folder = folderOf(t)
  const first = await owned(t, openSpool({ folder }))
  await put(first, message('kept', [recipient('a@b.example')]), Buffer.alloc(100_000, 'z'))
  await first.claim(AT, 10, 1e9)
  const unfinished = first.open()
  await unfinished.write(Buffer.alloc(100_000))
  await first.close()
  assert.equal(readdirSync(join(folder, 'bodies')).length, 2)
  const second = await owned(t, openSpool({ folder }))
  assert.equal(readdirSync(join(folder, 'bodies')).length, 1)
  assert.deepEqual(
    (await second.claim(AT, 10, 1000)).map(claim => claim.message),
    ['kept'],
  )
  assert.equal((await read(second, 'kept')).length, 100_000 + 'Received: here\r\n'.length)
  await second.close()
})

test('sqlite: a whole body without a row goes to lost-and-found/, is told, and stays there', async t => {
  const folder = folderOf(t)
  await (await owned(t, openSpool({ folder }))).close()
  const lost = join(folder, 'lost-and-found')
  for (const count of [1, 2]) {
    writeFileSync(join(folder, 'bodies', 'stray'), 'Subject: x\r\n\r\nmail\r\n')
    writeFileSync(join(folder, 'bodies', 'stray.part'), 'Subject: x\r\n\r\nma')
    const spool = await owned(t, openSpool({ folder }))
    assert.deepEqual(spool.swept, { folder: lost, files: 1, bytes: 20 })
    assert.equal(await spool.countLost(), count)
    assert.deepEqual(readdirSync(join(folder, 'bodies')), [])
    await spool.close()
  }
  assert.deepEqual(readdirSync(lost), ['stray', 'stray.1'])
  const quiet = await owned(t, openSpool({ folder }))
  assert.equal(quiet.swept.files, 0)
  assert.equal(await quiet.countLost(), 2)
  await quiet.close()
})

for (const [what, damage] of [
  ['gone', path => rmSync(path)],
  ['empty', path => writeFileSync(path, '')],
  ['something else', path => writeFileSync(path, 'hello '.repeat(9999))],
  ['cut in half', path => truncateSync(path, statSync(path).size / 2)],
] as const satisfies readonly (readonly [string, (path: string) => void])[])
  test(`sqlite: a queue that is ${what} is a sentence, and no body is touched`, async t => {
    const folder = folderOf(t)
    const first = await owned(t, openSpool({ folder }))
    const many = Array.from({ length: 60 }, (_, i) => recipient(`a${i}@b.example`))
    await put(first, message('large', many), Buffer.alloc(200_000, 'z'))
    for (let i = 0; i < 50; i++) await put(first, message(`m${i}`, many), Buffer.alloc(20_000, 'z'))
    await first.close()
    const bodies = readdirSync(join(folder, 'bodies'))
    assert.equal(bodies.length, 1)
    damage(join(folder, 'spool.db'))
    const before = open(folder)
    await assert.rejects(
      openSpool({ folder }),
      /spool\.db is (?:damaged|empty or missing).*Nothing was changed; docs\/operations\.md/,
    )
    assert.deepEqual(readdirSync(join(folder, 'bodies')), bodies)
    assert.equal(open(folder), before, 'something was left open')
  })

/** Files in the folder that this process has open. */
function open(folder: string): number {
  return readdirSync('/proc/self/fd').filter(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      return false
    }
  }).length
}

test('sqlite: many messages at once share commits and none is missing', async t => {
  const folder = folderOf(t)
  const spool = await owned(t, openSpool({ folder }))
  await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      put(spool, message(`m${i}`, [recipient('a@b.example')]), Buffer.from(`${i}`)),
    ),
  )
  assert.equal((await spool.list({ limit: 1000 })).length, 300)
  // The same id twice cannot be stored, and takes nobody else down with it.
  const results = await Promise.allSettled([
    put(spool, message('m1', [recipient('a@b.example')]), Buffer.from('again')),
    put(spool, message('new', [recipient('a@b.example')]), Buffer.from('new')),
  ])
  assert.deepEqual(
    results.map(result => result.status),
    ['rejected', 'fulfilled'],
  )
  await spool.close()
})
