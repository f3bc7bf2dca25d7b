// A message of Anna's with evidence that waits in a queue, due and not on its way yet.

import type { Spool } from '../../src/ports/spool.ts'

export async function waitingMail(queue: Spool, at: number): Promise<void> {
  const draft = queue.open()
  await draft.write(Buffer.from('Subject: hello\r\n\r\nhello\r\n'))
  await draft.commit({
    message: 'waiting',
    at,
    sender: 'anna@isp.example',
    subscriber: 'anna',
    expires: at + 1e9,
    headers: '',
    subject: 'hello',
    nats: 1,
    // As a scanner found it.
    facts: {
      content: 'clean',
      repeated: false,
      recipients: 1,
      firstTime: 1,
      exempt: false,
      subjects: [],
    },
    bounceable: true,
    recipients: [{ address: 'a@meadow.example', state: 'queued', due: at }],
  })
}
