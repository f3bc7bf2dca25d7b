// The files of the list over a restart.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listedLines } from '../../../test/support/listed-lines.ts'
import { listFiles } from './list-files.ts'

const names = {
  zone: 'l.isp.example',
  ttl: 60,
  nameServers: ['ns.isp.example'],
  contact: 'postmaster.isp.example',
  provider: 'Example',
}

function scratch(t: { after(end: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-list-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

const serialIn = (folder: string): number =>
  (JSON.parse(readFileSync(join(folder, 'list.json'), 'utf8')) as { serial: number }).serial

test('the serial grows over restarts, however much had changed before, and however wrong the clock was then', async t => {
  const folder = join(scratch(t), 'list')
  const start = async (changes: number) => {
    const lines = listedLines()
    lines.isolate('1')
    for (let i = 0; i < changes; i++) {
      lines.lease('1', '198.51.100.7/32')
      lines.end('1', '198.51.100.7/32')
    }
    await listFiles({ ...names, folder }, lines.list).write(0)
    return serialIn(folder)
  }
  const first = await start(1000)
  assert.ok((await start(1)) > first)
  // A secondary has that of another year.
  const ahead = 4_000_000_000
  writeFileSync(join(folder, 'list.json'), `{"serial":${ahead},"zone":"l.isp.example"}`)
  assert.equal(await start(1), ahead + 1)
})

test('ten thousand changes are one serial: it goes with the clock', async t => {
  const lines = listedLines()
  const before = lines.list.serial
  lines.isolate('1')
  for (let i = 0; i < 5000; i++) {
    lines.lease('1', '198.51.100.7/32')
    lines.end('1', '198.51.100.7/32')
  }
  assert.ok(lines.list.serial - before < 10, `${lines.list.serial - before}`)
  const folder = scratch(t)
  await listFiles({ ...names, folder }, lines.list).write(0)
})

test('other users read the files, whatever Cordon’s own files are; a folder that was there stays as it is', async t => {
  const folder = scratch(t)
  const [fresh, own] = [join(folder, 'fresh'), join(folder, 'own')]
  mkdirSync(own, { mode: 0o750 })
  const before = process.umask(0o077)
  t.after(() => process.umask(before))
  for (const one of [fresh, own])
    await listFiles({ ...names, folder: one }, listedLines().list).write(0)
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  assert.deepEqual([mode(fresh), mode(own), mode(folder)], ['755', '750', '700'])
  for (const file of ['list.json', 'infected.ip4trie', 'list.nft'])
    assert.equal(mode(join(fresh, file)), '644')
})
