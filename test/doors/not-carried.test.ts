// What policy delegation and milter cannot carry (docs/integrate-postfix.md lists it): each shown once, so that the list is true.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { openMilterDoor } from '../../src/doors/milter/server.ts'
import { openPolicyDoor } from '../../src/doors/policy-delegation/server.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import type { VirtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { from, type Heard, milterTalk, offer } from '../support/milter-client.ts'
import { ASKED_DOOR } from '../support/asked-door.ts'
import { shipped } from '../support/shipped.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'

const trouble = (error: unknown) => {
  throw error
}
const [ANNA, BERT] = ['anna@isp.example', 'bert@isp.example']

/** What a milter answers to the end of this message. */
async function atTheEnd(
  cordon: VirtualCordon,
  message: string,
  { recipients = [ANNA], actions = 0x1ff, field = 'Subject\0 hello\0' } = {},
): Promise<readonly Heard[]> {
  const { engine } = cordon
  const parts = {
    engine,
    now: () => NOW,
    newSessionId: () => 'test',
    turns: commandTurns(),
    trouble,
  }
  const door = await openMilterDoor({ ...ASKED_DOOR, maxSize: 10_000 }, parts)
  const talk = await milterTalk(door.port)
  try {
    await talk.ask('O', offer(actions))
    talk.tell('C', from('127.0.0.1', 4000))
    await talk.ask('H', 'mx.meadow.example\0')
    await talk.ask('M', '<ann@meadow.example>\0')
    for (const recipient of recipients) await talk.ask('R', `<${recipient}>\0`)
    talk.tell('L', field)
    talk.tell('N')
    talk.tell('B', message)
    return await talk.ask('E')
  } finally {
    talk.end()
    await door.close()
    await cordon.engine.idle()
    await cordon.close()
  }
}

/** The same as Postfix would ask by policy delegation. */
async function byPolicy(cordon: VirtualCordon): Promise<string> {
  const { engine } = cordon
  const door = await openPolicyDoor(
    { ...ASKED_DOOR, countAt: 'end-of-message' },
    { engine, now: () => NOW, turns: commandTurns(), trouble },
  )
  const socket = connect(door.port, '127.0.0.1')
  await once(socket, 'connect')
  const ask = async (state: string) => {
    const about = `sender=ann@meadow.example\nrecipient=${ANNA}\nhelo_name=mx.meadow.example\nclient_address=127.0.0.1\ninstance=1\n`
    socket.write(`request=smtpd_access_policy\nprotocol_state=${state}\n${about}\n`)
    return String(((await once(socket, 'data')) as [Buffer])[0]).trim()
  }
  const answers = [await ask('RCPT'), await ask('END-OF-MESSAGE')]
  socket.destroy()
  await door.close()
  await cordon.close()
  return answers.join(' ')
}

const letters = (heard: readonly Heard[]) => heard.map(({ letter }) => letter).join('')
const attachments = { modes: { ...shipped.policy.modes, attachment: 'enforce' as const } }
const access = (action: 'hold' | 'redirect') => ({
  access: {
    entries: [{ match: { recipient: [ANNA] }, action, to: BERT, for: 60_000 }],
    groups: {},
  },
})

test('1: a hold is for the whole message; without quarantine the sender keeps it', async () => {
  const both = { recipients: [ANNA, BERT] }
  const held = await atTheEnd(await smallCordon(undefined, access('hold')), 'x', both)
  assert.equal(letters(held), 'qc')
  const without = { ...both, actions: 0x11 }
  const kept = await atTheEnd(await smallCordon(undefined, access('hold')), 'x', without)
  assert.match(String(kept[0]?.data), /^450 4\.7\.1 \[kept\]/)
})

test('2 and 3: policy delegation sees no content, and writes no header', async () => {
  const field = 'Content-Type\0 application/x; name="run.exe"\0'
  const seen = await atTheEnd(await smallCordon(undefined, attachments), 'MZ', { field })
  assert.match(String(seen[0]?.data), /^554 5\.7\.1 \[attachment\]/, 'the milter sees it')
  assert.equal(
    await byPolicy(await smallCordon(undefined, attachments)),
    'action=DUNNO action=DUNNO',
  )
})

test('4: a recipient is not replaced', async () => {
  const heard = await atTheEnd(await smallCordon(undefined, access('redirect')), 'x')
  assert.equal(letters(heard), 'c')
  assert.match(await byPolicy(await smallCordon(undefined, access('redirect'))), /^action=DUNNO/)
})

test('5: nothing is kept here, so nothing can become of it', async () => {
  const cordon = await smallCordon()
  const kept: number[] = []
  const { spool } = cordon
  const before = (await spool.list({})).length
  const heard = await atTheEnd(
    {
      ...cordon,
      close: async () => {
        kept.push((await spool.list({})).length)
        await cordon.close()
      },
    },
    'x',
  )
  assert.equal(letters(heard), 'c')
  assert.deepEqual(kept, [before])
})

test('the list in the documentation has no more than six entries', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/integrate-postfix.md'), 'utf8')
  const section = page.slice(page.indexOf('## What these protocols cannot carry'))
  const entries = section.match(/^\d+\. /gm) ?? []
  assert.equal(entries.length, 5)
})
