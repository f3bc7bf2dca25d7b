// Attachments that run when they are opened: by name, behind a second name (`invoice.pdf.exe`), with letters reversed
// to look like another name, and inside archives and forwarded messages. An archive that could not be listed to its end, or stands
// behind the first mebibyte of a message, is the matter of `unreadable.ts`.

import { fileExtension } from '../../mail/file-extension.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export type AttachmentSettings = {
  /** Extensions, without the dot: `attachments.rejected`, a list by default; off when empty. */
  readonly rejected: readonly string[]
  /** Encrypted archives, whose files cannot be looked at: `attachments.encrypted`, accept by default, accept or reject. */
  readonly encrypted: 'accept' | 'reject'
}

export function attachment(mode: Mode, settings: AttachmentSettings): Rule {
  const refused = new Set(settings.rejected.map(extension => extension.toLowerCase()))
  return {
    name: 'attachment',
    about: 'No attachment is a program, also not in an archive or in a forwarded message.',
    reasons: ['dangerous-attachment', 'encrypted-attachment'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: ({ message }: AttributedStep) => {
      if (!message) return undefined
      const program = programIn(message, refused)
      if (program !== undefined)
        return { kind: 'reject', reason: 'dangerous-attachment', help: `it is ${program}` }
      return settings.encrypted === 'reject' && message.encryptedArchive === true
        ? { kind: 'reject', reason: 'encrypted-attachment', help: lockedIn(message) }
        : undefined
    },
  }
}

/** The first of them, with the archive it is in and what makes it one. */
function programIn(message: MessageSummary, refused: ReadonlySet<string>): string | undefined {
  const attached = message.attachments.find(name => isDangerous(name, refused))
  if (attached !== undefined) return `${printable(attached)}${kindOf(attached)}`
  const { archived = [], archivedIn = [] } = message
  const at = archived.findIndex(
    (name, i) => isDangerous(name, refused) && !isScriptOfBook(name, archivedIn[i] ?? '', message),
  )
  const name = archived[at]
  if (name === undefined) return undefined
  const archive = archivedIn[at] ?? ''
  return `${printable(name)}${archive === '' ? ', in an archive' : ` in ${printable(archive)}`}${kindOf(name)}`
}

/**
 * An EPUB is opened by a reader of books, which shows no files to click on, and has scripts of its pages in it. What is only called so, and
 * does not say what it is (OCF 3.3 §4.3: the entry `mimetype`), is a ZIP.
 */
function isScriptOfBook(
  name: string,
  archive: string,
  { archived = [], archivedIn = [] }: MessageSummary,
): boolean {
  const isScript = fileExtension(name)?.trim().toLowerCase() === 'js'
  if (!isScript || !/\.epub$/i.test(archive) || archive.includes(' in ')) return false
  return archived.some((one, i) => one === 'mimetype' && archivedIn[i] === archive)
}

const kindOf = (name: string): string =>
  isTurned(name)
    ? ' (its name is shown backwards)'
    : ` (a program: .${printable(fileExtension(name)?.trim() ?? '')})`

const lockedIn = ({ locked }: MessageSummary): string =>
  locked === undefined ? 'an archive in it' : `it is ${printable(locked)}`

/** Characters of a name that are told, its last ones: they stand in a reply. */
const MAX_NAME = 100
const printable = (name: string): string => {
  const plain = name.replaceAll(/[^\x20-\x7e]/gu, '?')
  return plain.length > MAX_NAME ? `...${plain.slice(-MAX_NAME)}` : plain
}

// U+202E: what follows is shown backwards, so that "exe.jpg" can end a program.
const isTurned = (name: string): boolean => /[\u202a-\u202e\u2066-\u2069]/.test(name)

/** By what Windows takes for its extension. */
export function isDangerous(name: string, refused: ReadonlySet<string>): boolean {
  if (isTurned(name)) return true
  const extension = fileExtension(name)
  return extension !== undefined && refused.has(extension.trim().toLowerCase())
}
