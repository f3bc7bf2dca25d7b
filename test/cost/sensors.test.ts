// What routers, NATs, DHCP and access servers, logs and bots say is read in proportion to its length.

import { assertLinear } from './growth.ts'
import { test } from 'node:test'
import { accountingRecord } from '../../src/sensors/radius/accounting.ts'
import { greeting, hear } from '../../src/sensors/decoy/dialog.ts'
import { TellerClock } from '../../src/wire/teller-clock.ts'
import { parseFirewallLine } from '../../src/sensors/firewall-log/firewall-log.ts'
import { parseFeed } from '../../src/sensors/flows/contact-list.ts'
import { flowReader } from '../../src/sensors/flows/server.ts'
import { columnsOf, KeaLeases, parseRow } from '../../src/sensors/kea/lease-rows.ts'
import { GRAMMARS } from '../../src/sensors/mail-log/grammars/grammars.ts'
import { blockReader } from '../../src/sensors/nat-log/block-lines.ts'
import { Frames } from '../../src/wire/log-lines/frames.ts'
import { isSigned, parseRadius } from '../../src/wire/radius.ts'
import { filled, latin, numbered } from './inputs.ts'

const KIBIBYTE = 1024

/** Lines of these, as long as they like, end in ways that do not fit. */
type LineReader = {
  readonly read: (line: string) => unknown
  readonly before?: string
  readonly units: readonly string[]
  readonly perUnit: number
}

const NOW = Date.UTC(2026, 10, 27)
const SYSLOG = '2026-11-21T10:00:01.5+01:00 mx postfix/smtpd[12]: '
const EXIM = '2026-11-21 10:00:01 '
const kea = columnsOf('address,hwaddr,client_id,valid_lifetime,expire,subnet_id,state,user_context')

const readsMail = (text: string): unknown => {
  const line = new Frames(NOW).read(text)
  return line && GRAMMARS.find(one => one.isOf(line.program))?.read(line)
}
const DELIVERED = 'relay=x, delay=1, delays=1/1/1/1, dsn=2.0.0, status=sent (x'

const LINES: Readonly<Record<string, LineReader>> = {
  'Postfix: a stamp': {
    read: readsMail,
    units: ['a', ' ', 'a ', ' 1', 'postfix', '/', 'postfix/a[1]'],
    perUnit: 10,
  },
  'Postfix: what it says': {
    read: readsMail,
    before: `${SYSLOG}NOQUEUE: reject: RCPT from `,
    units: ['[', 'a[', ']', '[a]', '[198.51.100.7]: to=<', ' to=<', 'helo=<', '5.1.', 'unknown '],
    perUnit: 20,
  },
  'Postfix: a client': {
    read: readsMail,
    before: `${SYSLOG}4F1A2B3C4D: client=`,
    units: ['[', 'a[', ' sasl_username=', 'sasl_', ']'],
    perUnit: 20,
  },
  'Postfix: a delivery': {
    read: readsMail,
    before: `${SYSLOG.replace('smtpd', 'smtp')}4F1A2B3C4D: to=<`,
    units: ['>, relay=', `>, ${DELIVERED}`, '>, orig_to=<', ', delays=1', 'a', '1.'],
    perUnit: 30,
  },
  'Exim: a delivery': {
    read: readsMail,
    before: `${EXIM}1oxyzA-000abc-0Q => `,
    units: ['a <', ' <"', '"', '\\"', ' R=', ': ', 'a@b <"a"@b> R=x', '>'],
    perUnit: 30,
  },
  'Exim: a client': {
    read: readsMail,
    before: `${EXIM}1oxyzA-000abc-0Q <= a@b `,
    units: ['H=', ' H=', 'H=(', 'H=a [', ' for ', ' A=', ' A=a:', ' S=1', '[', '('],
    perUnit: 25,
  },
  'Exim: a refusal': {
    read: readsMail,
    before: `${EXIM}H=(a) [198.51.100.7] F=<>`,
    units: [' F=<', ' F=<> rejected RCPT <', 'rejected ', '<', ' temporarily', 'unknown '],
    perUnit: 20,
  },
  'a NAT': {
    read: blockReader({
      active: [],
      allocated: ['ALLOC: Subscriber {inside} used {outside}:{first}-{last} begins'],
      released: ['RELEASE: Subscriber {inside} used {outside}:{first}-{last} ends'],
    }),
    units: [
      'ALLOC: Subscriber ',
      '1:',
      'ALLOC: Subscriber 1',
      ' ',
      'RELEASE: Subscriber 1 used 1:1-1',
      '.',
    ],
    perUnit: 10,
  },
  'a firewall': {
    read: line =>
      parseFirewallLine(line, { realm: 'main', antiSpoofed: true }, 0, new TellerClock()),
    units: ['[', '{"a":', '{"src_ip":"', '"', ' ', '1'],
    perUnit: 10,
  },
  'a lease': {
    read: line => {
      const row = kea && parseRow(line, kea)
      return (
        row &&
        new KeaLeases(
          'main',
          () => 'anna',
          () => [],
        ).hear(row, 0)
      )
    },
    before: '198.51.100.7,02:00:00:00:00:01,01,3600,1764000000,1,0,',
    units: [',', '&#x2c', '{', '[', ' ', '&#x2'],
    perUnit: 40,
  },
  'a feed': {
    read: text => parseFeed('list', text),
    units: [
      '{}\n',
      '{',
      '}',
      ' ',
      ';',
      '#\r',
      '198.51.100.0/24\n',
      '"198.51.100.7",443\n',
      '{"cidr":"',
      ',',
      '\n',
      '[{',
    ],
    perUnit: 250,
  },
}

for (const [name, { read, before = '', units, perUnit }] of Object.entries(LINES))
  test(name, () => {
    for (const unit of units)
      for (const end of ['', '\r', '!'])
        assertLinear(`${name}: ${JSON.stringify(unit)}`, {
          from: 8 * KIBIBYTE,
          upTo: 32 * KIBIBYTE,
          perUnit,
          prepare: size => {
            const line = `${before}${filled(unit, size)}${end}`
            return () => {
              try {
                read(line)
              } catch {
                // A feed that is none says so.
              }
            }
          },
        })
  })

test('a bot that says everything at once', () => {
  for (const unit of [
    'EHLO a\r\n',
    'RCPT TO:<',
    'RCPT TO:<a@b>\n',
    'AUTH ',
    'X',
    '\r\n',
    'MAIL FROM:<<',
  ])
    assertLinear(JSON.stringify(unit), {
      from: 16 * KIBIBYTE,
      upTo: 64 * KIBIBYTE,
      perUnit: 20,
      prepare: size => {
        const text = filled(unit, size)
        const lines = [text, ...text.split('\n')]
        return () => {
          let { dialog } = greeting('mx.example')
          for (const line of lines) dialog = hear(dialog, line).dialog
        }
      },
    })
})

function u16(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * i)
  return bytes
}

const set = (id: number, body: Buffer) => Buffer.concat([u16(id, body.length + 4), body])

/** UDP carries 65,507 bytes. */
function flows(version: 9 | 10, sets: readonly Buffer[]): Buffer {
  const body = Buffer.concat(sets).subarray(0, 65_000)
  const head = Buffer.alloc(version === 9 ? 20 : 16)
  head.writeUInt16BE(version, 0)
  head.writeUInt16BE(head.length + body.length, 2)
  return Buffer.concat([head, body])
}

const times = (one: Buffer, size: number): Buffer =>
  Buffer.concat(Array<Buffer>(Math.max(1, Math.floor(size / one.length))).fill(one))
const variable = (fields: number) => [u16(1, 0xffff), ...Array<Buffer>(fields - 1).fill(u16(1, 0))]

const PACKETS: Readonly<Record<string, (size: number) => Buffer>> = {
  'records of one byte': size =>
    flows(10, [set(2, u16(256, 1, 4, 1)), set(256, times(Buffer.from([6]), size))]),
  'records of fields without a length': size =>
    flows(10, [
      set(2, Buffer.concat([u16(256, 200), ...variable(200)])),
      set(256, times(Buffer.from([0]), size)),
    ]),
  'records of fields with lengths of their own': size =>
    flows(10, [
      set(2, Buffer.concat([u16(256, 200), ...Array<Buffer>(200).fill(u16(1, 0xffff))])),
      set(256, times(Buffer.from([0]), size)),
    ]),
  templates: size => flows(10, [set(2, times(u16(256, 1, 4, 1), size))]),
  'templates of many fields': size =>
    flows(9, [set(0, Buffer.concat([u16(256, size / 4), times(u16(4, 1), size)]))]),
  options: size =>
    flows(9, [set(1, u16(256, 0, 4, 34, 4)), set(256, times(Buffer.from([0, 0, 0, 9]), size))]),
  'empty sets': size => flows(10, [times(u16(300, 4), size)]),
}

test('flows', () => {
  for (const [name, make] of Object.entries(PACKETS))
    assertLinear(name, {
      from: 4 * KIBIBYTE,
      upTo: 32 * KIBIBYTE,
      perUnit: 80,
      prepare: size => {
        const packet = make(size)
        return () => flowReader(() => undefined).read(packet, 'a')
      },
    })
})

test('RADIUS', () => {
  const KINDS: Readonly<Record<string, (size: number) => Buffer>> = {
    nothing: size => times(Buffer.from([1, 2]), size),
    addresses: size => times(Buffer.from([8, 6, 198, 51, 100, 7]), size),
    'ever new addresses': size =>
      latin(numbered(i => `\x08\x06${String.fromCharCode(198, 51, i >> 8, i & 255)}`, size - 8)),
    prefixes: size => times(Buffer.from([97, 4, 0, 128]), size),
    states: size => times(Buffer.from([33, 2]), size),
  }
  for (const [name, make] of Object.entries(KINDS))
    assertLinear(name, {
      from: 512,
      upTo: 4096,
      perUnit: 150,
      prepare: size => {
        const body = Buffer.concat([Buffer.from([40, 6, 0, 0, 0, 1]), make(size - 32)])
        const packet = Buffer.concat([
          Buffer.from([4, 1]),
          u16(20 + body.length),
          Buffer.alloc(16),
          body,
        ])
        return () => {
          const parsed = parseRadius(packet)
          isSigned(packet, 'secret')
          if (!parsed) throw new Error('it is none')
          accountingRecord(parsed, { from: 'a', subscriber: 'circuit-id', realmOf: () => 'main' })
        }
      },
    })
})
