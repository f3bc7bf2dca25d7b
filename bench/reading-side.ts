// Reads messages with the reader of another tree, a process of its own, whose processor time is the figure. Usage: reading-side.ts TREE SIZE.
// Says "ready"; asked to "read" it reads and says how many messages, asked what it "used" it says its microseconds so far.
// Of the other tree it knows no more than `Summarizer`.

import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

/** Bytes in a slice. */
const SLICE = 16 * 1024 * 1024

/** Older trees say by `false` that they have read enough; since then what was not kept is given back, and nothing is when all was. */
type Reader = { write(chunk: Uint8Array): unknown; finish(sender: string): unknown }

const tree = resolve(process.argv[2] ?? '.')
const size = Number(process.argv[3] ?? 4096)
const { Summarizer } = (await import(pathToFileURL(join(tree, 'src/mail/summary.ts')).href)) as {
  readonly Summarizer: new () => Reader
}

const message = ordinary(size)
const messages = Math.max(1, Math.floor(SLICE / size))
console.log('ready')
for await (const asked of createInterface({ input: process.stdin })) {
  if (asked === 'read') {
    for (let i = 0; i < messages; i++) {
      const reader = new Summarizer()
      for (let at = 0; at < message.length; at += 65_536)
        if (reader.write(message.subarray(at, at + 65_536)) === false) break
      reader.finish('anna@isp.example')
    }
    console.log(messages)
  } else {
    const { user, system } = process.cpuUsage()
    console.log(user + system)
  }
}

/** Text, the same as HTML, and a file, as mail programs write them. */
function ordinary(bytes: number): Buffer {
  const header = [
    'Received: from home ([10.0.0.1]) by mail.isp.example with ESMTPSA; Mon, 5 Jan 2026 12:00:00 +0000',
    'From: "Ek, Anna" <anna@isp.example>',
    'To: Bert <bert@elsewhere.example>',
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
    'Date: Mon, 5 Jan 2026 12:00:00 +0000',
    'Message-ID: <1@isp.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="----=_Part_1_2"',
  ]
  const part = (fields: readonly string[], body: string) =>
    ['------=_Part_1_2', ...fields, '', body].join('\r\n')
  const third = Math.floor((bytes - 900) / 3)
  const text = 'Dear Bert, the plumber comes on Thursday. See http://a.example/x\r\n'
  const file = Buffer.alloc(Math.floor((third * 3) / 4), 'a file of some kind')
  return Buffer.from(
    [
      ...header,
      '',
      part(
        ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 7bit'],
        text.repeat(Math.ceil(third / text.length)).slice(0, third),
      ),
      part(
        ['Content-Type: text/html; charset="utf-8"', 'Content-Transfer-Encoding: quoted-printable'],
        `<p>${text}</p>=\r\n`.repeat(Math.ceil(third / text.length)).slice(0, third),
      ),
      part(
        [
          'Content-Type: application/pdf; name="report.pdf"',
          'Content-Disposition: attachment; filename="report.pdf"',
          'Content-Transfer-Encoding: base64',
        ],
        file.toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
      ),
      '------=_Part_1_2--',
      '',
    ].join('\r\n'),
  )
}
