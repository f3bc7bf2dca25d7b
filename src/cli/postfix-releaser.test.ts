import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoldQueueAway } from '../ports/hold-queue.ts'
import { releaserOf } from './postfix-releaser.ts'
import { servicesIn, settingsIn } from './postfix-settings.ts'

const LONG = 'enable_long_queue_ids = yes\n'
const HERE = { hostname: 'mx.example.org', queue: '/var/spool/postfix' }
const CLEANUP = 'cleanup    unix  n       -       y       -       0       cleanup'

const looked = async (
  main: string,
  { where = HERE, master = CLEANUP }: { where?: typeof HERE | 'unknown'; master?: string } = {},
) => {
  const queue = {
    list: async () => new Set<string>(),
    where: async () => (where === 'unknown' ? undefined : where),
  }
  const settings = settingsIn(main)
  return releaserOf({ settings, services: servicesIn(master), queue, here: HERE })
}
const missing = async (...args: Parameters<typeof looked>) => (await looked(...args)).missing.length

test('the releaser of another Postfix, by its queue or by its machine: red, with what to do', async () => {
  assert.equal(await missing(LONG), 0)
  for (const other of [{ queue: '/var/spool/postfix-out' }, { hostname: 'mx2.example.org' }]) {
    const way = await looked(LONG, { where: { ...HERE, ...other } })
    assert.equal(way.state, 'not released')
    assert.match(way.missing[0]?.what ?? '', /another Postfix/)
    assert.match(way.missing[0]?.write ?? '', /MAIL_CONFIG/)
  }
})

test('a releaser that does not know the question: a note, and nothing is missing', async () => {
  const way = await looked(LONG, { where: 'unknown' })
  assert.deepEqual(way.missing, [])
  assert.match(way.notes[0] ?? '', /etc\/cordon-releaser/)
})

test('long queue ids as Postfix reads them: any spelling of yes, by another setting; not where cleanup has them otherwise', async () => {
  assert.equal(await missing('enable_long_queue_ids = Yes\n'), 0)
  assert.equal(await missing('lq = yes\nenable_long_queue_ids = ${lq}\n'), 0)
  assert.equal(await missing('enable_long_queue_ids = no\n'), 1)
  assert.equal(await missing(''), 1)
  const short = `${CLEANUP} -o enable_long_queue_ids=no`
  assert.equal(await missing(LONG, { master: short }), 1)
  const second = `pre-cleanup ${short.slice('cleanup'.length)}`
  assert.equal(await missing(LONG, { master: `${CLEANUP}\n${second}` }), 1)
})

test('answers root, and may not be opened by the user that Cordon runs as: red, with the rights that mend it', async () => {
  const settings = settingsIn(LONG)
  const queue = { list: async () => new Set<string>(), where: async () => HERE }
  const refused = { user: 'cordon', group: 991, why: 'EACCES', rights: '0600 of user 0, group 0' }
  const socket = '/run/cordon-releaser.sock'
  const look = (found: typeof refused | undefined) =>
    releaserOf({ settings, services: [], queue, here: HERE, socket, refused: () => found })
  const way = await look(refused)
  assert.deepEqual([way.state, way.asked], ['not released', []])
  assert.match(way.missing[0]?.what ?? '', /not to cordon.*EACCES.*0600 of user 0, group 0/)
  assert.match(way.missing[0]?.write ?? '', /^chgrp 991 \/run\/cordon-releaser\.sock && chmod 660 /)
  assert.deepEqual((await look(undefined)).missing, [])
})

test('away: red', async () => {
  const away = async () => {
    throw new HoldQueueAway('gone')
  }
  const settings = settingsIn(LONG)
  const queue = { list: away, where: away }
  const { missing: found } = await releaserOf({ settings, services: [], queue, here: HERE })
  assert.equal(found.length, 1)
})

test('where the window is in force: what is not held without a releaser, and not at all by a policy service that counts at RCPT, is said', async () => {
  const look = (more: { readonly paces?: boolean; readonly countsAtRcpt?: boolean }) =>
    releaserOf({ settings: settingsIn(LONG), services: [], queue: undefined, here: HERE, ...more })
  const paces = await look({ paces: true, countsAtRcpt: true })
  assert.match(paces.missing[0]?.what ?? '', /or beyond the window of its sender is not held/)
  assert.match(paces.notes[0] ?? '', /counts at RCPT.*holds none.*countAt: end-of-message/)
  const shadow = await look({ countsAtRcpt: true })
  assert.match(shadow.missing[0]?.what ?? '', /: mail over a limit is not held/)
  assert.deepEqual(shadow.notes, [])
})

test('results of mail that no log tells of: a note, where the configuration was read', async () => {
  const queue = { list: async () => new Set<string>(), where: async () => HERE }
  const about = { settings: settingsIn(LONG), services: [], queue, here: HERE }
  const notes = async (readsLog?: boolean) => (await releaserOf({ ...about, readsLog })).notes
  assert.match((await notes(false))[0] ?? '', /mailLog/)
  assert.deepEqual([await notes(true), await notes()], [[], []])
})
