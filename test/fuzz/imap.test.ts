// IMAP as a gateway reads it, beside a second, simple reader that has the whole text: however a server's responses are cut into pieces, the
// same bytes come out, and each response is asked about once; however a client's commands are cut, the back end hears the same commands; no
// drawn line makes the reader of commands throw, or find another literal than the second reader.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addressedByHeader } from '../../src/mail/addressed-by-header.ts'
import { LineEnds } from '../../src/mail/line-ends.ts'
import {
  appendArguments,
  astring,
  commandLine,
  isUnclear,
  literalOf,
} from '../../src/doors/imap/command-line.ts'
import { mailboxName, quotedMailbox } from '../../src/doors/imap/mailbox-name.ts'
import { Responses } from '../../src/doors/imap/responses.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { imapDoor, imapTalk, smallBackEnd } from '../support/imap-door.ts'
import { smallCordon } from '../support/small-cordon.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0) / 4
const SEED = fuzzSeed()
const bounded = (numRuns: number) =>
  SECONDS === 0
    ? { numRuns, seed: SEED }
    : {
        numRuns: 10_000_000,
        interruptAfterTimeLimit: SECONDS * 1000,
        markInterruptAsFailure: false,
        seed: SEED,
      }

const bytes = (max: number) =>
  fc.uint8Array({ maxLength: max }).map(drawn => Buffer.from(drawn).toString('latin1'))
const text = fc
  .array(
    fc.constantFrom('OK', ' ', 'a', '[', ']', '{3}', '{0}', '"', '(', ')', '\r', '}', '*', '+'),
    {
      maxLength: 12,
    },
  )
  .map(parts => parts.join(''))

/** A response as it is built: its first line and all of it. */
const response = fc.oneof(
  fc
    .tuple(fc.constantFrom('* OK ', '* NO ', 'a1 OK ', 'b BAD ', '+ '), text)
    .map(([start, said]) => ({
      first: `${start}${said}\r\n`,
      whole: `${start}${said}\r\n`,
      literals: '',
    })),
  fc.array(bytes(200), { minLength: 1, maxLength: 3 }).map(literals => {
    const lines = literals.map(literal => `BODY[] {${literal.length}}\r\n${literal} `)
    const first = `* 1 FETCH (BODY[] {${literals[0]?.length}}\r\n`
    return { first, whole: `* 1 FETCH (${lines.join('')})\r\n`, literals: literals.join('') }
  }),
  fc.constant({
    first: `* SEARCH${' 1234'.repeat(4000)}\r\n`,
    whole: `* SEARCH${' 1234'.repeat(4000)}\r\n`,
    literals: '',
  }),
)

function cut(whole: string, at: readonly number[]): Buffer[] {
  const all = Buffer.from(whole, 'latin1')
  const places = [...new Set(at.map(one => one % (all.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...places].map((from, i) => all.subarray(from, places[i] ?? all.length))
}

test('a server is heard alike however it is cut into pieces', () =>
  fc.assert(
    fc.property(
      fc.array(response, { maxLength: 8 }),
      fc.array(fc.nat(30_000), { maxLength: 40 }),
      fc.nat(7),
      (responses, places, ours) => {
        let out = ''
        let literal = ''
        const asked: string[] = []
        const reader = new Responses({
          out: piece => (out += piece.toString('latin1')),
          decide: line => {
            asked.push(line)
            const isOurs = asked.length - 1 === ours
            return isOurs
              ? { to: 'us', literal: piece => (literal += piece.toString('latin1')) }
              : { to: 'client' }
          },
        })
        for (const piece of cut(responses.map(one => one.whole).join(''), places))
          reader.push(piece)
        assert.equal(out, responses.flatMap((one, i) => (i === ours ? [] : [one.whole])).join(''))
        assert.deepEqual(
          asked.map(line => line.slice(0, 8000)),
          responses.map(one => one.first.slice(0, 8000)),
        )
        assert.ok(reader.isBetween)
        assert.equal(literal, responses[ours]?.literals ?? '')
      },
    ),
    bounded(400),
  ))

/** Counts braces by hand, from the end. */
function secondReader(line: string): { size: string; plus: boolean } | undefined {
  let at = line.length
  if (line[--at] !== '\n') return undefined
  if (line[at - 1] === '\r') at--
  if (line[--at] !== '}') return undefined
  const plus = line[at - 1] === '+'
  if (plus) at--
  const end = at
  while (at > 0 && '0123456789'.includes(line[at - 1] as string)) at--
  if (at === end || end - at > 20 || line[--at] !== '{') return undefined
  if (line[at - 1] === '~') at--
  const before = at === 0 ? ' ' : (line[at - 1] as string)
  return before === ' ' || before === '('
    ? { size: line.slice(line.lastIndexOf('{') + 1, end), plus }
    : undefined
}

test('a literal is seen where a second reader sees it, and no line is too odd to be read', () =>
  fc.assert(
    fc.property(
      fc
        .array(
          fc.oneof(
            fc.constantFrom(
              'a',
              'UID ',
              'COPY ',
              ' ',
              '{',
              '}',
              '+',
              '~',
              '"',
              '\\',
              '(',
              ')',
              '%',
              '*',
              '\r',
              '&',
              '-',
            ),
            fc.nat(99_999).map(String),
            bytes(4),
          ),
          { maxLength: 20 },
        )
        .map(parts => `${parts.join('').replaceAll('\n', '')}\n`),
      line => {
        const seen = literalOf(line)
        const second = secondReader(line)
        assert.deepEqual(
          seen && { size: seen.size, waits: seen.waits },
          second && { size: Number(second.size), waits: !second.plus },
        )
        assert.ok(!(isUnclear(line) && seen))
        const command = commandLine(line)
        if (command) assert.ok(line.startsWith(command.tag))
        astring(line)
        appendArguments(line)
        mailboxName(line)
      },
    ),
    bounded(3000),
  ))

test('a name of a mailbox is the same after it was written and read', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), name => {
      const clean = name.replaceAll(/\p{Cc}/gu, '').normalize('NFC')
      const quoted = quotedMailbox(clean)
      assert.match(quoted, /^"[ -~]*"$/)
      const read = astring(quoted)?.value ?? ''
      assert.equal(mailboxName(read), clean.replace(/^inbox(?=$|[./])/i, 'INBOX'))
    }),
    bounded(1000),
  ))

test('line ends are the same however a message is cut, and a header has no Bcc', () =>
  fc.assert(
    fc.property(
      fc
        .array(
          fc.constantFrom(
            'a',
            '\r',
            '\n',
            '\r\n',
            'Bcc: x@y.example',
            'To: a@b.example',
            ' c@d.example',
            ':',
            'b',
          ),
          { maxLength: 20 },
        )
        .map(parts => parts.join('')),
      fc.array(fc.nat(200), { maxLength: 10 }),
      (whole, places) => {
        const ends = new LineEnds()
        const read = `${cut(whole, places)
          .map(piece => ends.push(piece).toString('latin1'))
          .join('')}${ends.end().toString('latin1')}`
        assert.equal(read.replaceAll('\r\n', ''), whole.replaceAll(/[\r\n]/g, ''))
        assert.doesNotMatch(read, /\r(?!\n)|(?<!\r)\n/)
        assert.equal(
          read.split('\r\n').length,
          `${whole}${/[\r\n]$|^$/.test(whole) ? '' : '\n'}`.split(/\r\n|\r|\n/).length,
        )
        const { header } = addressedByHeader(read)
        assert.doesNotMatch(header, /^bcc[ \t]*:/im)
      },
    ),
    bounded(1000),
  ))

/** Commands that are passed on, with literals that are not waited for. */
const command = fc.tuple(
  fc.constantFrom(
    'SELECT INBOX',
    'STORE 1 FLAGS',
    'UID FETCH 1:* FLAGS',
    'X-OTHER',
    'SEARCH TEXT',
    'LIST ""',
  ),
  fc.array(bytes(60), { maxLength: 3 }),
)

test('the back end hears what the client says, however that is cut', async () => {
  const { engine } = await smallCordon()
  const backEnd = await smallBackEnd()
  const door = await imapDoor(engine, backEnd.port)
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(2000), { maxLength: 8 }),
        async (commands, places) => {
          const talk = await imapTalk(door.port, 'bert@isp.example')
          const before = backEnd.said.length
          const whole = commands
            .map(([verb, literals], i) => {
              const all = literals.map(one => ` {${one.length}+}\r\n${one}`).join('')
              return `t${i} ${verb}${all}\r\n`
            })
            .join('')
          for (const piece of cut(whole, places)) talk.say(piece.toString('latin1'))
          talk.say('end NOOP\r\n')
          await talk.until(/^end OK NOOP done\r\n/m)
          talk.end()
          // It is asked for each literal.
          const heard = backEnd.said.slice(before).join('\n')
          assert.equal(
            heard,
            `${whole.replaceAll('+}\r\n', '}\r\n')}end NOOP\r\n`
              .split('\n')
              .map(line => line.trimEnd())
              .join('\n')
              .trimEnd(),
          )
        },
      ),
      bounded(60),
    )
  } finally {
    await door.close(0)
    backEnd.close()
  }
})
