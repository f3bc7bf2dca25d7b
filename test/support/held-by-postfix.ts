// The one message over a limit that a Postfix holds for us: it stands in our list under Postfix's name, and is delivered when we release it.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cordon, eventually } from './serve.ts'

type Held = {
  /** Of our server. */
  readonly folder: string
  readonly peer: { readonly queue: string; readonly taken: () => readonly string[] }
  readonly subject: string
  readonly arrived: (subject: string) => Promise<unknown>
}

export async function isHeldAndReleased({ folder, peer, subject, arrived }: Held): Promise<void> {
  const held = () => readdirSync(join(peer.queue, 'hold'))
  await eventually(() => (held().length === 1 ? true : undefined))
  assert.ok(!peer.taken().some(mail => mail.includes(`Subject: ${subject}`)))
  const [id = ''] = held()
  const { output } = await cordon(folder, 'queue', 'list', '--held', '--json')
  const [row] = (JSON.parse(output) as { rows: Record<string, unknown>[] }).rows
  assert.equal(row?.['keptAs'], id)
  assert.match(String(row?.['why']), /^over-limit: /)
  const list = await cordon(folder, 'queue', 'list', '--held')
  assert.match(list.output, new RegExp(`^${id} .* over-limit: `, 'm'))
  const released = await cordon(folder, 'queue', 'release', id)
  assert.equal(released.code, 0, released.output)
  await arrived(subject)
  assert.match((await cordon(folder, 'queue', 'list', '--held')).output, /No messages/)
}
