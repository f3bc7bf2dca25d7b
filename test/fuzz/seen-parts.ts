// What others see in the parts of a delivered message, and what of it we have not seen.

import PostalMime, { type Address } from 'postal-mime'
import { fileExtension } from '../../src/mail/file-extension.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import type { MessageSummary } from '../../src/model/message.ts'
import type { SecondReadings } from '../support/second-reader.ts'
import { MARK, NAMED } from './odd-parts.ts'

export type SeenParts = {
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly files: readonly string[]
  readonly marks: readonly string[]
}
export type Ours = {
  readonly summary: MessageSummary
  readonly delivered: Buffer
}

export const marksIn = (texts: readonly string[]) => texts.flatMap(text => text.match(MARK) ?? [])
const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')

/** The reader of addresses is asked whether it finds these in the same bytes. */
function named(delivered: Buffer, wanted: readonly string[]): readonly string[] {
  const summarizer = new Summarizer({ wanted: new Set(wanted) })
  summarizer.write(delivered)
  return summarizer.finish('x@y.example').named ?? []
}

async function postalMimeReads(delivered: Buffer): Promise<SeenParts> {
  const nothing = { from: [], to: [], files: [], marks: [] }
  const email = await PostalMime.parse(delivered, { attachmentEncoding: 'arraybuffer' }).catch(
    () => undefined,
  )
  if (!email) return nothing
  const { from, to = [], cc = [], bcc = [], replyTo = [], attachments } = email
  const flat = (all: readonly Address[]) =>
    all.flatMap(({ address, group }) => [address, ...(group ?? []).map(one => one.address)])
  const isText = (type: string) => type.startsWith('text/')
  return {
    from: flat(from ? [from] : []).filter(one => one !== undefined),
    to: flat([...to, ...cc, ...bcc, ...replyTo]).filter(one => one !== undefined),
    files: attachments.flatMap(({ filename }) => filename ?? []),
    marks: marksIn([
      email.text ?? '',
      email.html ?? '',
      ...attachments.map(({ content, mimeType }) =>
        isText(mimeType) ? Buffer.from(content as ArrayBuffer).toString('utf8') : '',
      ),
    ]),
  }
}

const LIMITS = [
  'too-deep',
  'too-many-parts',
  'too-many-names',
  'too-many-links',
  'too-much-work',
] as const
const isSaid = ({ unreadable = [] }: MessageSummary) => LIMITS.some(one => unreadable.includes(one))

/** A text in letters that we do not know, or that a fold made unknown, is told; others guess, and may guess right. */
const isTextSaid = ({ unreadable = [] }: MessageSummary) => unreadable.includes('character-set')

/** A name by what rules look at, its extension, and by its mark: programs show quotes and comments round it as they like. */
const judgedAs = (all: string): string => {
  const name = all.replaceAll('\0', '')
  const extension = fileExtension(name.replaceAll(/["')\s]+$/g, '')) ?? ''
  return `${marksIn([name]).join(' ')}.${extension.replaceAll(/[\s"\\]/g, '').toLowerCase()}`
}

/** A word without a domain names nobody, and what is no address of RFC 5321 is never wanted. */
const isAddress = (text: string) => /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+$/.test(text)

/** Of a long name its end is kept: the mark may be gone. */
const isAmong = (names: ReadonlySet<string>, name: string): boolean => {
  const judged = judgedAs(name)
  return names.has(judged) || (name.length > 255 && names.has(judged.slice(judged.indexOf('.'))))
}

/** What of theirs is not ours. */
function missed(theirs: SeenParts, { summary, delivered }: Ours): readonly string[] {
  if (isSaid(summary)) return []
  // Where a byte of the mark was changed there is only the extension.
  const names = new Set(
    summary.attachments.map(judgedAs).flatMap(one => [one, one.slice(one.indexOf('.'))]),
  )
  const texts = new Set(marksIn([summary.text]))
  const lower = (all: readonly string[]) => all.filter(isAddress).map(one => one.toLowerCase())
  // Of an address that came about by a changed byte nobody asks.
  const to = lower(theirs.to).filter(one => NAMED.includes(one))
  const found = named(delivered, to)
  return [
    // What has no extension, or other signs in it, starts nothing.
    ...theirs.files
      .filter(name => !isAmong(names, name) && /^[^.]*\.[\w-]{1,40}$/.test(judgedAs(name)))
      .map(name => `name ${name}`),
    ...(isTextSaid(summary) ? [] : theirs.marks)
      .filter(mark => !texts.has(mark))
      .map(mark => `text ${mark}`),
    ...to.filter(one => !found.includes(one)).map(one => `recipient ${one}`),
    ...(summary.unclearFrom ? [] : lower(theirs.from))
      .filter(one => !summary.from.includes(one.replace(/\.$/, '')))
      .map(one => `author ${one}`),
  ]
}

export type Others = Readonly<Record<string, SeenParts>>

export async function othersRead(delivered: Buffer, pythons: SecondReadings): Promise<Others> {
  const others: Record<string, SeenParts> = { 'postal-mime': await postalMimeReads(delivered) }
  for (const [name, { from, to, files, texts }] of Object.entries(pythons))
    others[name] = { from, to, files: files.map(utf8), marks: marksIn(texts) }
  return others
}

/** What the first who sees more than we sees. */
export function moreOf(others: Others, ours: Ours): string | undefined {
  for (const [name, theirs] of Object.entries(others)) {
    const more = missed(theirs, ours)
    if (more.length > 0) return told(name, more, ours)
  }
  return undefined
}

function told(name: string, more: readonly string[], { summary, delivered }: Ours): string {
  const { attachments, from, unreadable } = summary
  return `${name} sees more: ${JSON.stringify({ more, attachments, from, unreadable })}\n${delivered.toString('latin1')}`
}
