// Reads the stories about rules (policy/NAME/mail.txt). One line is one thing:
//   config: …             a line of cordon.yaml
//   knows: …              what the DNS, a list or a database says: see `KNOWS`
//   silent: listed        questions of this kind get no answer
//   store: down           the counters fail
//   09:05 ADDRESS GREETING <SENDER> RECIPIENT -> END        a message, and what comes of it
//   +3d 09:05 …                                              days later
//   … -> END ~ TEXT        with this in it; `+ FILE` attached, `: FIELD` in its header, `! VIOLATION` of the client
// END is taken, waits (in the window), held TOKEN, put off TOKEN, refused TOKEN, or thrown away. GREETING may be LOGIN:anna@isp.example, or
// 587:home.example for somebody there who has not logged in.

import type { Question } from '../../src/model/question.ts'

export type Letter = {
  readonly line: string
  readonly at: number
  readonly address: string
  readonly helo: string
  readonly login?: string
  readonly port: 25 | 587
  readonly sender: string
  readonly recipients: readonly string[]
  readonly end: string
  readonly text: string
  readonly file?: string
  readonly fields: readonly string[]
  readonly violations: readonly string[]
}

export type Script = {
  readonly config: string
  readonly knows: readonly (readonly string[])[]
  readonly silent: ReadonlySet<string>
  readonly storeIsDown: boolean
  readonly letters: readonly Letter[]
}

const START = Date.UTC(2026, 10, 21)
const MINUTE = 60_000

export function parseScript(text: string): Script {
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  const after = (word: string) =>
    lines.flatMap(line => (line.startsWith(`${word}: `) ? [line.slice(word.length + 2)] : []))
  return {
    config: after('config').join('\n'),
    knows: after('knows').map(line => line.split(' ')),
    silent: new Set(after('silent')),
    storeIsDown: lines.includes('store: down'),
    letters: lines.filter(line => /^[+\d]/.test(line)).map(letter),
  }
}

const LETTER =
  /^(?:\+(\d+)d )?(\d\d):(\d\d) (\S+) (\S+) <([^>]*)> (\S+) -> (taken|waits|thrown away|(?:held|put off|refused) \S+)(.*)$/

function letter(line: string): Letter {
  const found = LETTER.exec(line)
  if (!found) throw new Error(`not a line of a story: ${line}`)
  const [, days = '0', hour, minute, address = '', greeting = '', sender = '', to = ''] = found
  const login = greeting.startsWith('LOGIN:') ? greeting.slice(6) : undefined
  const more = [...(found[9] ?? '').matchAll(/ ([~+:!]) ((?:(?! [~+:!] ).)*)/g)]
  const all = (mark: string) => more.flatMap(([, sign, what = '']) => (sign === mark ? [what] : []))
  const [file] = all('+')
  return {
    line,
    at: START + ((Number(days) * 24 + Number(hour)) * 60 + Number(minute)) * MINUTE,
    address,
    helo: login === undefined ? greeting.replace('587:', '') : 'home.example',
    port: login === undefined && !greeting.startsWith('587:') ? 25 : 587,
    sender,
    recipients: to.split(','),
    end: found[8] ?? '',
    text: all('~').join('\n') || 'hello there',
    fields: all(':'),
    violations: all('!'),
    ...(login === undefined ? {} : { login }),
    ...(file === undefined ? {} : { file }),
  }
}

/** What is known of a question, from lines such as `name 198.51.100.7 mx.meadow.example`; undefined for "nothing of it". */
export function knownOf(knows: Script['knows'], question: Question): unknown {
  const lines = (about: string, ...words: readonly string[]) =>
    knows.filter(line => line[0] === about && words.every((word, i) => line[i + 1] === word))
  switch (question.about) {
    case 'reverse-name': {
      // `lies` leads elsewhere.
      const names = lines('name', question.address).map(line => line[2])
      const lies = lines('lies', question.address).map(line => line[2])
      return { names: [...names, ...lies], confirmed: names }
    }
    case 'host':
      return lines('host', question.name).length > 0
    case 'listed': {
      const everything = lines('lists-everything', question.zone).length > 0
      return everything
        ? ['127.0.0.2']
        : lines('listed', question.zone, question.of).map(line => line[3])
    }
    case 'spf': {
      const domain = question.sender.slice(question.sender.lastIndexOf('@') + 1) || question.helo
      return { result: lines('spf', domain)[0]?.[2] ?? 'none', domain }
    }
    case 'spf-breadth':
      return Number(lines('breadth', question.domain)[0]?.[2] ?? 0)
    case 'place': {
      const [, , country, asn] = lines('place', question.address)[0] ?? []
      return { ...(country ? { country } : {}), ...(asn ? { asn: Number(asn) } : {}) }
    }
    case 'mailbox-full':
      return lines('full', question.address)[0]?.[2] ?? 'no'
    case 'recipient':
    case 'organisation':
      return undefined
    default:
      return question satisfies never
  }
}
