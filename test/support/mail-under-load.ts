// Clients that send one message after the other, and what was delivered of them.

import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { talk } from './smtp-talk.ts'
import { idOf, wholeMessage } from './whole-message.ts'

/** Sends until it is told to end, also over restarts of the server, and writes down what was answered 250. */
export async function sendUntil(
  signal: AbortSignal,
  { port, to, acknowledged }: { port: number; to: string; acknowledged: Set<string> },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await talk(port)
      await client.say('HELO mx.meadow.example\r\n')
      while (!signal.aborted) {
        const id = randomBytes(8).toString('hex')
        await client.say('MAIL FROM:<a@meadow.example>\r\n')
        await client.say(`RCPT TO:<${to}>\r\n`)
        await client.say('DATA\r\n')
        const reply = await client.say(`${wholeMessage(id)}.\r\n`)
        if (reply.startsWith('250')) acknowledged.add(id)
      }
    } catch {
      await pause(20)
    }
  }
}

/** What is in a folder of a Maildir: id of the message -> every copy that was delivered. */
export function deliveredIn(box: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const name of existsSync(box) ? readdirSync(box) : []) {
    const mail = readFileSync(join(box, name), 'latin1')
    const id = idOf(mail) ?? name
    found.set(id, [...(found.get(id) ?? []), mail])
  }
  return found
}
