// The messages and refusals of a log as transactions that a policy can be tried on. Mail that a local user handed in has no client and is not
// among them.

import type { LoggedMail } from '../../model/logged-mail.ts'
import type { LogLine } from '../../wire/log-lines/log-line.ts'
import { MailLogReader } from './mail-log-reader.ts'
import type { PastMail } from './past-mail.ts'

export class PastMails {
  readonly #found: PastMail[] = []
  readonly #reader = new MailLogReader({
    mail: mail => this.#taken(mail),
    answer: () => undefined,
    refused: ({ address, words, sender, recipient, message }, at) => {
      if (message || sender === undefined || recipient === undefined) return
      const refused = UNKNOWN.test(words) ? 'unknown-user' : 'other'
      const recipients = [{ address: recipient, refused }] as const
      this.#found.push({ at, id: `refused-${at}-${address}`, address, sender, recipients })
    },
    auth: () => undefined,
  })

  line(line: LogLine | undefined): void {
    this.#reader.take(line)
  }

  /** All of them, in order of time. */
  end(): readonly PastMail[] {
    this.#reader.end()
    return this.#found.toSorted((a, b) => a.at - b.at)
  }

  #taken({ at, id, who, address, sender, size, answers }: LoggedMail): void {
    if (address === undefined || answers.length === 0) return
    this.#found.push({
      at,
      id,
      address,
      sender,
      recipients: answers.map(({ recipient }) => ({ address: recipient })),
      ...(who.kind === 'login' ? { login: who.name } : {}),
      ...(size === undefined ? {} : { size }),
    })
  }
}

const UNKNOWN = /5\.1\.1|user unknown|unknown in|unrouteable|no such/i
