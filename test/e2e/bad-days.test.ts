// A full disk, a folder that became read-only, a damaged row, a body that is gone: the client is told to come back, nothing
// that was taken is lost, the others flow, and when the trouble is over so is its effect. The data folder is a small
// file system of its own, in a mount namespace of the server's.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { constants, gunzipSync } from 'node:zlib'
import { ownKeys } from '../../src/drivers/identity/own-keys.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { CLI } from '../support/program.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }]
`

/** Serves from a file system of `size`. */
async function inSmallFolder(t: TestContext, size: string) {
  const served = await serve(CONFIG, async () => undefined, {
    under: folder => [
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mkdir -p ${folder}/data && mount -t tmpfs -o size=${size} tmpfs ${folder}/data && exec "$@"`,
      'sh',
    ],
  })
  t.after(served.stop)
  const inside = async (command: string) => {
    const done = await run('nsenter', ['-t', String(served.pid), '-m', 'sh', '-c', command])
    assert.equal(done.code, 0, done.output)
    return done.output
  }
  return { served, inside, data: join(served.folder, 'data') }
}

/** Sends one message of about `size` bytes; the answer to its end, or to whatever was refused before. */
async function send(served: Served, size: number): Promise<string> {
  const session = await talk(served.ports[0] ?? 0)
  try {
    for (const line of ['HELO mx.meadow.example', 'MAIL FROM:<a@meadow.example>']) {
      const reply = await session.say(`${line}\r\n`)
      if (!reply.startsWith('250')) return reply
    }
    await session.say('RCPT TO:<sink@isp.example>\r\n')
    const opened = await session.say('DATA\r\n')
    if (!opened.startsWith('354')) return opened
    const body = `${'x'.repeat(78)}\r\n`.repeat(Math.ceil(size / 80))
    return await session.say(`Subject: x\r\n\r\n${body}.\r\n`)
  } finally {
    session.end()
  }
}

/** How many recipients wait; the control socket is inside, too. */
async function waiting(served: Served, data: string): Promise<number> {
  const words = ['-t', String(served.pid), '-m', process.execPath, CLI]
  const { output } = await run('nsenter', [...words, 'queue', '--json', '--data', data])
  return (JSON.parse(output) as { rows: unknown[] }).rows.length
}

for (const [what, size] of [
  ['small messages', 3000],
  ['messages with files of their own', 300_000],
] as const) {
  test(`a full disk, ${what}: 452, nothing lost, and it goes on when there is room`, async t => {
    const { served, inside, data } = await inSmallFolder(t, '16m')
    assert.match(await send(served, size), /^250/)
    await inside(`dd if=/dev/zero of=${data}/ballast bs=64k 2>/dev/null; true`)
    let taken = 1
    let refused = 0
    for (let i = 0; i < 20; i++) {
      const reply = await send(served, size)
      if (reply.startsWith('250')) taken++
      else {
        assert.match(reply, /^452 4\.3\.1 \[storage\]/)
        refused++
      }
    }
    assert.ok(refused > 0, 'the disk was not full')
    await inside(`rm ${data}/ballast`)
    await eventually(async () => {
      const went = (await send(served, size)).startsWith('250')
      if (went) taken++
      return went ? true : undefined
    })
    assert.equal(await waiting(served, data), taken)
  })
}

test('a disk that stays full: 452, and mail flows again by itself when 8 MB are freed', async t => {
  const { served, inside, data } = await inSmallFolder(t, '40m')
  let taken = 0
  const send3k = async () => {
    const reply = await send(served, 3000)
    if (reply.startsWith('250')) taken++
    return reply
  }
  await send3k()
  await inside(`dd if=/dev/zero of=${data}/spare bs=64k count=128 2>/dev/null`)
  await inside(`dd if=/dev/zero of=${data}/ballast bs=64k 2>/dev/null; true`)
  // The queue's log is folded into the queue when nothing has come for a second: what there is no room for, either, at last.
  for (let refused = 0; refused < 3; ) {
    refused = (await send3k()).startsWith('250') ? 0 : refused + 1
    if (refused > 0) await pause(1500)
  }
  await inside(`rm ${data}/spare`)
  await eventually(async () => ((await send3k()).startsWith('250') ? true : undefined))
  assert.equal(await waiting(served, data), taken)
  const health = await inside(`curl -s --unix-socket ${data}/control.sock http://localhost/healthz`)
  assert.equal(health.trim(), 'ok')
  // The journal has come back as well, and says how much it could not keep.
  await eventually(async () => {
    await send3k()
    const kept = await inside(`zcat -q ${data}/journal/*.gz 2>/dev/null; true`)
    const gap = kept.indexOf('"journal-gap"')
    return gap > 0 &&
      kept.indexOf('"kind":"judged"', gap) + kept.indexOf('"kind":"tx-commit"', gap) > 0
      ? true
      : undefined
  })
})

test('a folder that became read-only: 452, and it goes on when it can be written again', async t => {
  const { served, inside, data } = await inSmallFolder(t, '16m')
  assert.match(await send(served, 3000), /^250/)
  // Files that are open keep a whole file system from becoming read-only; a folder of it can.
  const bodies = `${data}/spool/bodies`
  await inside(`mount --bind ${bodies} ${bodies} && mount -o remount,bind,ro ${bodies}`)
  assert.match(await send(served, 300_000), /^452 4\.3\.1 \[storage\]/)
  assert.match(await send(served, 3000), /^250/, 'what fits into the queue itself still goes')
  await inside(`umount ${bodies}`)
  await eventually(async () => ((await send(served, 300_000)).startsWith('250') ? true : undefined))
  assert.equal(await waiting(served, data), 3)
})

/** The journal's file is not ended yet. */
const unzipped = (path: string) =>
  gunzipSync(readFileSync(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString()

const LENGTHS: Readonly<Record<string, number>> = { bodiless: 100_000, cut: 200_000 }

test('a damaged row, a body that is gone and one that was cut are not sent, and keep nobody else waiting', async t => {
  const served = await serve(CONFIG.replace('holdDelivery: true', ''), async folder => {
    // In the order of a first start: whatever is missing before a queue that is there was lost.
    const data = join(folder, 'data')
    await ownKeys(data, 'mail.isp.example')
    await (await openLedgerFile(join(data, 'ledger.db'))).close()
    const spool = await openSpool({ folder: join(data, 'spool') })
    for (const id of ['whole', 'damaged', 'bodiless', 'cut', 'last']) {
      const draft = spool.open()
      await draft.write(Buffer.alloc(LENGTHS[id] ?? 100, 'x\r\n'))
      await draft.commit({
        message: id,
        at: Date.now(),
        sender: 'a@meadow.example',
        expires: Date.now() + 1e9,
        headers: `Subject: ${id}\r\n\r\n`,
        subject: id,
        nats: 0,
        bounceable: false,
        recipients: [{ address: 'sink@isp.example', state: 'queued', due: 0 }],
      })
    }
    await spool.close()
    const bodies = join(folder, 'data/spool/bodies')
    for (const name of readdirSync(bodies)) {
      const path = join(bodies, name)
      if (statSync(path).size === LENGTHS['cut']) truncateSync(path, 100_000)
      else rmSync(path)
    }
    const database = new DatabaseSync(join(folder, 'data/spool/spool.db'))
    database.exec(`UPDATE message SET facts = '{broken' WHERE id = 'damaged'`)
    database.close()
  })
  t.after(served.stop)
  const box = join(served.folder, 'data/mailboxes/sink@isp.example/new')
  await eventually(() => {
    try {
      return readdirSync(box).length === 2 ? true : undefined
    } catch {
      return undefined
    }
  })
  const queue = await eventually(async () => {
    const { output } = await cordon(served.folder, 'queue')
    return output.split('damaged in the queue').length === 4 ? output : undefined
  })
  assert.match(queue, /^bodiless .*its body is gone/m)
  assert.match(queue, /^cut .*its body has 100000 bytes instead of 200000/m)
  await eventually(() => {
    const journal = join(served.folder, 'data/journal')
    const told = readdirSync(journal).map(name => unzipped(join(journal, name)))
    return told.join('').includes('"mail-damaged"') ? true : undefined
  })
  assert.equal(readdirSync(box).length, 2)
})
