// Stores a message in a Maildir (D. J. Bernstein's format): written to tmp, synced, moved to new. With the line ends of Unix, as Postfix and
// Dovecot write it: mutt, grep and procmail's recipes want no CR.

import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { unixLines } from './unix-lines.ts'

export type MailboxDelivery = {
  readonly folder: string
  readonly mailbox: string
  /** A folder in it, as Maildir++ has them (`.Junk`); the inbox without one. */
  readonly within?: string
  readonly sender: string
  readonly recipient: string
  readonly body: AsyncIterable<Uint8Array>
}

/** Resolves when the message is on disk. Rejects when it could not be stored; nothing is left behind then. */
export async function deliverToMaildir(delivery: MailboxDelivery): Promise<void> {
  const inbox = join(delivery.folder, mailboxFolder(delivery.mailbox))
  const maildir = delivery.within === undefined ? inbox : join(inbox, `.${delivery.within}`)
  for (const part of ['tmp', 'new', 'cur'])
    await mkdir(join(maildir, part), { recursive: true, mode: 0o700 })
  const host = hostname().replace(/[/:]/g, '_')
  const name = `${Math.floor(Date.now() / 1000)}.M${process.hrtime.bigint()}R${randomBytes(6).toString('hex')}.${host}`
  const path = join(maildir, 'tmp', name)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      // RFC 5321 §4.4: final delivery records the envelope sender.
      await file.write(`Return-Path: <${delivery.sender}>\nDelivered-To: ${delivery.recipient}\n`)
      for await (const chunk of unixLines(delivery.body)) await file.write(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(path, join(maildir, 'new', name))
    const folder = await open(join(maildir, 'new'), 'r')
    await folder.sync()
    await folder.close()
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined)
    throw error
  }
}

/** A folder name that leads out of no folder. */
export function mailboxFolder(mailbox: string): string {
  return mailbox
    .replace(/[^A-Za-z0-9@._+-]/g, c => `%${c.charCodeAt(0).toString(16)}`)
    .replace(/^\./, '%2e')
}
