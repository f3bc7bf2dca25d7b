// Reads .dialog files. `C:` is sent with CR LF; `C|` is sent as it stands, with \r \n \0 \xfc escapes; `S:` is a reply line,
// `*` stands for anything to its end; `TLS` is a handshake; `# listener: inbound` says where; other # are remarks.

import { LISTENERS, type ListenerKind } from '../../src/model/step.ts'

export type DialogTurn =
  | { readonly kind: 'send'; readonly bytes: Buffer }
  | { readonly kind: 'expect'; readonly line: string }
  | { readonly kind: 'tls' }

export type Dialog = {
  readonly listener: ListenerKind
  /** `# xclient` in the file: the client may speak for others. */
  readonly xclient: boolean
  /** `# scram` in the file: passwords may be proved. */
  readonly scram: boolean
  readonly turns: readonly DialogTurn[]
}

export function parseDialog(text: string): Dialog {
  const named = /^# listener: (\S+)$/m.exec(text)?.[1]
  const listener = LISTENERS.find(kind => kind === named)
  if (!listener) throw new Error('the dialog does not say which listener it is with')
  const turns = text.split('\n').flatMap((line): DialogTurn[] => {
    if (line === '' || line.startsWith('#')) return []
    if (line === 'TLS') return [{ kind: 'tls' }]
    if (line.startsWith('C: ') || line === 'C:')
      return [{ kind: 'send', bytes: Buffer.from(`${line.slice(3)}\r\n`) }]
    if (line.startsWith('C| '))
      return [{ kind: 'send', bytes: Buffer.from(unescape(line.slice(3)), 'latin1') }]
    if (line.startsWith('S: ')) return [{ kind: 'expect', line: line.slice(3) }]
    throw new Error(`not a line of a dialog: ${line}`)
  })
  return {
    listener,
    xclient: /^# xclient$/m.test(text),
    scram: /^# scram$/m.test(text),
    turns,
  }
}

function unescape(text: string): string {
  const meant: Record<string, string> = { '\\r': '\r', '\\n': '\n', '\\0': '\0' }
  return text
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\[rn0]/g, found => meant[found] ?? found)
}

/** `250 Ok*` matches any line that begins with "250 Ok". */
export function matches(pattern: string, line: string): boolean {
  return pattern.endsWith('*') ? line.startsWith(pattern.slice(0, -1)) : line === pattern
}
