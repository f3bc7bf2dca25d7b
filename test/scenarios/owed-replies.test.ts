// An outsider writes to a customer and chooses where the answers go and what is said of them; a bot writes In-Reply-To as well as
// anybody. What each of them gets out of it, from their mail to what is decided.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/model/event.ts'
import { replay } from '../../src/simulation/virtual/replay.ts'
import {
  attack,
  CUSTOMERS,
  HOLIDAY,
  HOUR,
  LEASES,
  MINUTE,
  provider,
  SPAM,
} from '../support/answered-outsiders.ts'
import { shipped } from '../support/shipped.ts'

for (const [what, text] of [
  ['that quotes what a stranger wrote', `Thank you. > ${SPAM}`],
  ['with the same words each time', HOLIDAY],
] as const) {
  test(`a holiday program ${what} says nothing, whatever the stranger’s server says`, async () => {
    for (const result of ['spam-refused', 'unknown-user'] as const) {
      const world = await provider(['attack.example'])
      for (let n = 0; n < 20; n++) {
        assert.equal(await attack(world, n, { text }), 'accept')
        await world.deliver(result)
        world.wait(2000)
      }
      assert.deepEqual(world.cells(), [])
      assert.deepEqual(world.decided(), [])
      await world.cordon.close()
    }
  })

  test(`a holiday program ${what} isolates nobody, also where nobody vouches for the stranger, or there is no end of them`, async () => {
    for (const vouched of [[], ['attack.example']]) {
      const world = await provider(vouched)
      for (let n = 0; n < 260; n++) {
        await attack(world, n, { text })
        await world.deliver('spam-refused')
        world.wait(20_000)
      }
      assert.ok(!world.decided().includes('isolate'), `${vouched}: ${world.decided()}`)
      const { sum, kinds } =
        world.cordon.ledger.cases.open('line:anna') ?? assert.fail('there is no case')
      assert.ok(sum < 11, `${sum}`)
      assert.ok(!kinds.includes('content') && !kinds.includes('refusals'), `${kinds}`)
      // Her own mail to people she knows goes on, and one misjudged letter is one misjudged letter.
      assert.equal((await world.send({ to: 'new@meadow.example', text: SPAM })).kind, 'hold')
      assert.ok(!world.decided().includes('isolate'))
      await world.cordon.close()
    }
  })

  test(`a holiday program ${what}, where evidence by episodes decides: nothing is decided`, async () => {
    for (const vouched of [[], ['attack.example']]) {
      const world = await provider(vouched, 'decide')
      for (let n = 0; n < 260; n++) {
        await attack(world, n, { text })
        await world.deliver('spam-refused')
        world.wait(20_000)
      }
      assert.deepEqual(world.decided(), [], `${vouched}`)
      await world.cordon.close()
    }
  })
}

test('the envelope sender, From and Reply-To may be answered, and nobody else', async () => {
  const world = await provider(['far.example'])
  await world.inbound({
    from: 'ann@far.example',
    envelope: 'b1@far.example',
    to: 'anna@isp.example',
    header: 'Reply-To: Ann <desk@far.example>\r\nMessage-ID: <1@far.example>\r\n',
  })
  const header = 'In-Reply-To: <1@far.example>\r\n'
  for (const to of ['ann@far.example', 'b1@far.example', 'desk@far.example'])
    await world.send({ to, header, text: SPAM })
  assert.deepEqual(world.cells(), [])
  await world.send({ to: 'victim@meadow.example', header, text: SPAM })
  await world.send({
    to: 'ann2@far.example',
    header: 'In-Reply-To: <2@far.example>\r\n',
    text: SPAM,
  })
  assert.equal(world.cells().length, 2)
  await world.cordon.close()
})

test('a bot that writes In-Reply-To by itself buys nothing', async () => {
  const until = async (header: (n: number) => string) => {
    const world = await provider()
    let n = 0
    while (!world.decided().includes('isolate') && n < 50) {
      await world.send({
        to: `victim${n}@meadow.example`,
        header: header(n),
        text: `${SPAM} ${'and more '.repeat(n)}`,
      })
      n++
    }
    await world.cordon.close()
    return n
  }
  const plain = await until(() => '')
  assert.equal(plain, 3)
  assert.equal(
    await until(n => `In-Reply-To: <${n}@x.example>\r\nAuto-Submitted: auto-replied\r\n`),
    plain,
  )
})

test('a bot that forges mail to its owner and says that it answers by itself is paced as what it sends', async () => {
  const reached = async (header: string) => {
    const world = await provider([], 'decide')
    const out: string[] = []
    for (let n = 0; n < 60; n++) {
      await world.inbound({
        from: `victim${n}@meadow.example`,
        to: 'anna@isp.example',
        header: `Message-ID: <${n}@x.example>\r\n`,
      })
      await world.send({
        to: `victim${n}@meadow.example`,
        header: `In-Reply-To: <${n}@x.example>\r\n${header}`,
        text: `${SPAM} ${'and more '.repeat(n)}`,
      })
      out.push(...(await world.deliver()))
      world.wait(5 * MINUTE)
      await world.chores()
    }
    await world.cordon.close()
    return out.length
  }
  const plain = await reached('')
  assert.ok(plain <= 4, `${plain}`)
  const automatic = await reached('Auto-Submitted: auto-replied\r\n')
  assert.ok(automatic <= 10, `${automatic} reached by answers of a program`)
})

test('a bot with a helper who forges mail to its owner gets two out a day, and the rest comes back', async () => {
  const world = await provider(['helper.example'])
  const out: string[] = []
  for (let n = 0; n < 150; n++) {
    // The helper's own mail passes; the victims' addresses are not theirs.
    await world.inbound({
      from: `victim${n}@meadow.example`,
      envelope: 'me@helper.example',
      to: 'anna@isp.example',
      header: `Reply-To: <victim${n}@meadow.example>\r\nMessage-ID: <${n}@x.example>\r\n`,
    })
    await world.send({
      to: `victim${n}@meadow.example`,
      header: `In-Reply-To: <${n}@x.example>\r\n`,
      text: `${SPAM} ${'and more '.repeat(n)}`,
    })
    out.push(...(await world.deliver()))
    world.wait(5 * MINUTE)
    await world.chores()
  }
  // It pauses, and what waited is looked at again.
  for (let hour = 0; hour < 80; hour++) {
    world.wait(HOUR)
    await world.chores()
    out.push(...(await world.deliver()))
  }
  assert.ok(out.length <= 4, `${out.length} out`)
  assert.deepEqual(world.decided(), ['hold'])
  await world.cordon.close()
})

test('what is owed is free once for each correspondent, and twenty times a day', async () => {
  const world = await provider(['helper.example'])
  const spam = (id: string, to: string, n: number) =>
    world.send({ to, header: `In-Reply-To: <${id}>\r\n`, text: `${SPAM} ${'and more '.repeat(n)}` })
  let free = 0
  for (let n = 0; n < 40; n++) {
    const header = `Message-ID: <${n}@helper.example>\r\n`
    await world.inbound({
      from: `x${n}@helper.example`,
      envelope: `b${n}@helper.example`,
      to: 'anna@isp.example',
      header,
    })
    const before = world.cells().length
    await spam(`${n}@helper.example`, `x${n}@helper.example`, n)
    if (world.cells().length === before) free++
    world.wait(MINUTE)
  }
  assert.equal(free, 20)
  await world.cordon.close()
})

test('two answers at once use what is free once', async () => {
  const world = await provider(['helper.example'])
  await world.inbound({
    from: 'x@helper.example',
    envelope: 'b@helper.example',
    to: 'anna@isp.example',
    header: 'Message-ID: <1@helper.example>\r\n',
  })
  await Promise.all(
    [1, 2, 3].map(n =>
      world.send({
        to: 'x@helper.example',
        header: 'In-Reply-To: <1@helper.example>\r\n',
        text: `${SPAM} ${'and more '.repeat(n)}`,
      }),
    ),
  )
  const answers = world.cordon.journal.flatMap(event =>
    event.kind === 'tx-commit' && event.listener === 'submission' ? [event.facts.answer] : [],
  )
  assert.deepEqual(
    [answers.length, answers.filter(one => one === 'owed').length],
    [3, 1],
    `${answers}`,
  )
  await world.cordon.close()
})

test('twenty-four invitations, one by one, to people she never wrote to: at most they wait half an hour', async () => {
  const world = await provider()
  const verdicts: string[] = []
  for (let n = 0; n < 24; n++) {
    const { kind } = await world.send({
      to: `guest${n}@village${n % 7}.example`,
      text: `Dear guest ${'of ours '.repeat(n)}, we marry in May`,
    })
    verdicts.push(kind)
    world.wait(2 * MINUTE)
  }
  assert.deepEqual(world.decided(), ['hold'])
  const { summary, status } = world.cordon.ledger.cases.open('line:anna') ?? assert.fail('no case')
  assert.equal(status, 'held')
  assert.doesNotMatch(summary, /spam/)
  world.wait(31 * MINUTE)
  await world.chores()
  assert.equal((await world.deliver()).length, 24)
  await world.cordon.close()
})

test('a refusal as spam counts where others’ mail is taken, and once a day', async () => {
  const world = await provider()
  const refusals = () => world.cells().filter(cell => cell.endsWith('spam-refused')).length
  const write = async (n: number, who?: string) =>
    world.send({ to: `p${n}@mx.meadow.example`, text: `Hello ${'there '.repeat(n)}` }, who)
  await write(1)
  await world.deliver('spam-refused')
  assert.equal(refusals(), 0)
  for (const who of ['bert', 'carl', 'dora']) await write(2, `${who}@isp.example`)
  await world.deliver()
  for (const n of [3, 4, 5]) await write(n)
  await world.deliver('spam-refused')
  assert.equal(refusals(), 1)
  world.wait(24 * HOUR)
  await write(6)
  await world.deliver('spam-refused')
  assert.equal(refusals(), 2)
  await world.cordon.close()
})

test('a stranger’s domain does not become one that takes mail by the answers it got', async () => {
  const world = await provider(['attack.example'])
  for (const [n, who] of ['bert', 'carl', 'dora'].entries()) {
    const header = `Message-ID: <${n}@attack.example>\r\n`
    await world.inbound({
      from: 'x@attack.example',
      to: `${who}@isp.example`,
      header,
    })
    await world.send(
      { to: 'x@attack.example', header: `In-Reply-To: <${n}@attack.example>\r\n` },
      `${who}@isp.example`,
    )
  }
  await world.deliver()
  await world.send({ to: 'y@attack.example' })
  await world.deliver('spam-refused')
  assert.deepEqual(world.cells(), ['message/clean/mostly-new'])
  await world.cordon.close()
})

test('replay decides the same', async () => {
  const world = await provider(['attack.example'])
  for (let n = 0; n < 30; n++) {
    await attack(world, n, { text: SPAM, domain: n % 2 ? 'attack.example' : 'other.example' })
    await world.deliver('spam-refused')
    world.wait(MINUTE)
  }
  for (let n = 0; n < 4; n++)
    await world.send({ to: `v${n}@meadow.example`, text: `${SPAM} ${'and more '.repeat(n)}` })
  const kinds = ['tx-commit', 'delivery-failed', 'delivery-done']
  const recorded = world.cordon.journal.filter(({ kind }) => kinds.includes(kind))
  const again = await replay(recorded, {
    subscribers: CUSTOMERS,
    leases: LEASES,
    domains: ['isp.example'],
    forwards: {},
    ...shipped,
    episodes: 'shadow',
  })
  const plain = (events: readonly Event[]) =>
    events.flatMap(event =>
      event.kind === 'decision-made' ? [[event.at, event.what, event.until]] : [],
    )
  assert.ok(world.decided().includes('isolate'))
  assert.deepEqual(plain(again), plain(world.cordon.journal))
  await world.cordon.close()
})
