import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../../model/duration.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import type { LoggedMail } from '../../model/logged-mail.ts'
import { Senders } from './senders.ts'

/** With one FNV-1a of 32 bits, and so with one of each text that begins with them. */
const ALIKE = [
  ['friend35604@d432.example', 'friend158395@d121.example'],
  ['friend90012@d128.example', 'friend158823@d549.example'],
] as const

const mail = (recipient: string, at: number): LoggedMail => ({
  id: `${at}`,
  at,
  who: { kind: 'login', name: 'anna' },
  sender: 'anna@isp.example',
  size: 1000,
  recipients: 1,
  answers: [{ recipient, outcome: 'sent', local: false }],
})

test('a recipient whose hash is that of another is new all the same', () => {
  for (const [one, other] of ALIKE) {
    assert.equal(fnv1a(one), fnv1a(other))
    const senders = new Senders()
    senders.mail(mail('bert@elsewhere.example', 0))
    senders.mail(mail(one, 2 * DAY))
    senders.mail(mail(one, 2 * DAY + HOUR))
    senders.mail(mail(other, 2 * DAY + 2 * HOUR))
    const [anna] = senders.all()
    assert.deepEqual([anna?.judgedNew, anna?.firstTimers], [3, 2])
  }
})
