// Messages whose one part holds files, or text, in a shape that costs as much as it can: winmail.dats, calendars.

import {
  BINARY,
  begun,
  content,
  fileIn,
  messageIn,
  named,
  ofAttachment,
  ofMessage,
  property,
  RTF_BODY,
  STRING,
  titled,
  winmail,
  words,
} from '../support/winmail.ts'
import { filled, latin } from './inputs.ts'

const inBase64 = (bytes: Buffer): string =>
  `Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}`

/** What so many characters of base64 hold, with the ends of its lines. */
const packed = (size: number) => Math.floor((size * 3) / 4.2)

const winmailOf = (unit: Buffer) => (size: number) =>
  inBase64(winmail(latin(filled(unit.toString('latin1'), packed(size)))))

function nested(size: number): string {
  let inner = winmail(fileIn('a.bin', latin(filled('MZ', packed(size)))))
  for (let i = 0; i < 40; i++) inner = winmail(i % 2 === 0 ? messageIn(inner) : fileIn('w', inner))
  return inBase64(inner)
}

/** Each byte of it is two places in the dictionary, each of seventeen bytes. */
const rtf = (size: number): Buffer => {
  const tokens = latin(
    filled('\xff\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f', size),
  )
  return Buffer.concat([words(tokens.length + 12, size * 8, 0x75465a4c, 0), tokens])
}

const calendar =
  (before: string, unit: string, after = '') =>
  (size: number) =>
    `Content-Type: text/calendar\r\n\r\n${before}${filled(unit, size)}${after}`

const FILE = 'ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.exe:TVqQ\r\n'

export const CONTAINER_MESSAGES: Readonly<Record<string, (size: number) => string>> = {
  'winmail.dats in one another': nested,
  'a winmail.dat of empty files': winmailOf(fileIn('a', Buffer.alloc(0))),
  'a winmail.dat of names': winmailOf(titled('a.exe')),
  'a winmail.dat of contents without a beginning': winmailOf(content(Buffer.from('MZ'))),
  'a winmail.dat of properties': winmailOf(
    Buffer.concat([
      begun(),
      ofAttachment(...Array.from({ length: 400 }, () => property(0x3707, STRING, named('a.exe')))),
    ]),
  ),
  'a winmail.dat of texts': winmailOf(
    ofMessage(property(0x1000, STRING, Buffer.from('http://a '))),
  ),
  'a winmail.dat of one text': size =>
    inBase64(
      winmail(ofMessage(property(0x1000, STRING, latin(filled('http://a ', packed(size)))))),
    ),
  'a winmail.dat of much RTF': size =>
    inBase64(winmail(ofMessage(property(RTF_BODY, BINARY, rtf(packed(size)))))),
  'a winmail.dat of many RTFs': winmailOf(ofMessage(property(RTF_BODY, BINARY, rtf(2000)))),
  'a calendar of files': calendar('', FILE),
  'a calendar of one file': calendar(FILE.slice(0, -2), '\r\n TVqQ'),
  'a calendar of files, each of the next': size =>
    `Content-Type: text/calendar\r\n\r\n${FILE.slice(0, -6)}${inOneAnother(size)}`,
  'a calendar of folds': calendar('A:', '\r\n a'),
  'a calendar of folds, one letter each': calendar('ATTACH;ENCODING=BASE64:', '\n T'),
  'a calendar of ends of lines': calendar('A:', '\r\n'),
  'a calendar of empty lines and folds': calendar('A:', '\n\n '),
  'a calendar of colons': calendar('', 'a:'),
  'a calendar of quotes': calendar('ATTACH', '";\r\n '),
  'a calendar of parameters': calendar('ATTACH', ';NAME="a"\r\n ', ':TVqQ'),
  'a calendar of long parameters': calendar('', `ATTACH${';NAME=a'.repeat(100)};BASE64:TVqQ\r\n`),
  'a calendar of colons in files': calendar('', 'ATTACH;BASE64;NAME=a:T:Q\r\n'),
  'a calendar of data': calendar('', 'ATTACH:data:;base64,TVqQ\r\n'),
  'a calendar of data without an end': calendar('', 'ATTACH:data:\r\n'),
  'a calendar of escapes': calendar('A:', '\\n\\,\\;'),
  'a calendar of quoted-printable': calendar('A;QUOTED-PRINTABLE:', '=41=\r\n'),
  'a calendar in UTF-16': size =>
    `Content-Type: text/calendar; charset=utf-16; charset=utf-7; charset=utf-8\r\n\r\n${filled('A\0:\0', size)}`,
}

/** A calendar in a file in a calendar, until no room is left. */
function inOneAnother(size: number): string {
  let inner = Buffer.from('a'.repeat(Math.floor(size / 8)))
  while (inner.length < size / 1.5)
    inner = Buffer.from(
      `ATTACH;BASE64;NAME=a.ics:${inner.toString('base64').replaceAll(/.{74}/g, '$&\r\n ')}`,
    )
  return inner.toString('base64').replaceAll(/.{74}/g, '$&\r\n ')
}
