// A message as it is sent, where that is not as it is kept: lines over 998 octets are folded on the way to another server. White space ends
// an unquoted value, and changes a boundary, so a fold may make a name, a part or an author that is not in what is kept.

import type { AttachedArchive } from '../model/attached-archive.ts'
import type { MessageSummary, Unreadable } from '../model/message.ts'
import { type FoldWay, LineLengths, LongLines, MAX_LINE } from './long-lines.ts'
import { MAX_ARCHIVES } from './mime/leaf.ts'
import { MAX_NAMES, MAX_TEXT } from './mime/walked.ts'

export type OneReading = {
  readonly summary: MessageSummary
  readonly archives: readonly AttachedArchive[]
  readonly boundaries: ReadonlySet<string>
  /** Hosts of links that a line's end may have cut (link-hosts.ts). */
  readonly stumps: ReadonlySet<string>
}

/** Folded; undefined when no line is too long. */
export function asSent(raw: Buffer, way: FoldWay): Buffer | undefined {
  if (!hasLongLine(raw)) return undefined
  const lines = new LongLines(way)
  return Buffer.concat([lines.push(raw), lines.end()])
}

/** The lines that one line becomes. `line`: one character a byte, without its end. */
export function linesAsSent(line: string, way: FoldWay): readonly string[] {
  if (line.length <= MAX_LINE) return [line]
  const sent = asSent(Buffer.from(line.replace(/\r$/, ''), 'latin1'), way)
  return sent === undefined ? [line] : sent.toString('latin1').split('\r\n')
}

function hasLongLine(raw: Buffer): boolean {
  const lines = new LineLengths()
  lines.push(raw)
  lines.end()
  return lines.areLong
}

/** All that is in either of them; what says which message it is, as it is kept. */
export function both(kept: OneReading, sent: OneReading): OneReading {
  const archives = [...kept.archives, ...sent.archives.filter(one => !isAmong(kept.archives, one))]
  const summary = bothSummaries(kept.summary, {
    ...sent.summary,
    linkHosts: wholeHosts(kept, sent),
  })
  return {
    summary: archives.length > MAX_ARCHIVES ? unreadable(summary, ['large-archive']) : summary,
    archives: archives.slice(0, MAX_ARCHIVES),
    boundaries: new Set([...kept.boundaries, ...sent.boundaries]),
    stumps: kept.stumps,
  }
}

const isAmong = (archives: readonly AttachedArchive[], { name, bytes, cut }: AttachedArchive) =>
  archives.some(
    one => one.name === name && one.cut === cut && Buffer.compare(one.bytes, bytes) === 0,
  )

/** Of what is sent: without those that are the beginning of a host of what is kept, cut off by a fold. */
function wholeHosts({ summary }: OneReading, sent: OneReading): readonly string[] {
  const isCut = (host: string) =>
    sent.stumps.has(host) && summary.linkHosts.some(one => one !== host && one.startsWith(host))
  return sent.stumps.size === 0
    ? sent.summary.linkHosts
    : sent.summary.linkHosts.filter(host => !isCut(host))
}

function bothSummaries(kept: MessageSummary, sent: MessageSummary): MessageSummary {
  const { unclearFrom = sent.unclearFrom, locked = sent.locked } = kept
  const isByName = kept.unclearByName && sent.unclearByName
  const all = <T>(a: readonly T[] = [], b: readonly T[] = []): T[] => [...new Set([...a, ...b])]
  const names = all(kept.attachments, sent.attachments)
  const [replyTo, named] = [all(kept.replyTo, sent.replyTo), all(kept.named, sent.named)]
  const isLocked = kept.encryptedArchive ?? sent.encryptedArchive
  const { unclearByName: _kept, ...keptRest } = kept
  const { unclearByName: _sent, ...sentRest } = sent
  const summary: MessageSummary = {
    ...sentRest,
    ...keptRest,
    ...(isByName ? { unclearByName: true } : {}),
    from: all(kept.from, sent.from),
    ...(unclearFrom === undefined ? {} : { unclearFrom }),
    ...(replyTo.length === 0 ? {} : { replyTo }),
    ...(named.length === 0 ? {} : { named }),
    linkHosts: all(kept.linkHosts, sent.linkHosts),
    attachments: names.slice(0, MAX_NAMES),
    text: bothTexts(kept.text, sent.text),
    ...(isLocked ? { encryptedArchive: true } : {}),
    ...(locked === undefined ? {} : { locked }),
    ...(kept.unlisted || sent.unlisted ? { unlisted: { ...sent.unlisted, ...kept.unlisted } } : {}),
  }
  const tooMany: readonly Unreadable[] = names.length > MAX_NAMES ? ['too-many-names'] : []
  return unreadable(summary, [...(sent.unreadable ?? []), ...tooMany])
}

function unreadable(summary: MessageSummary, more: readonly Unreadable[]): MessageSummary {
  const all = new Set([...(summary.unreadable ?? []), ...more])
  return all.size === 0 ? summary : { ...summary, unreadable: [...all] }
}

/** A fold puts white space into a text, and as a rule nothing else. */
const bothTexts = (kept: string, sent: string): string =>
  isAlikeButForSpace(kept, sent) ? kept : `${kept}${sent}`.slice(0, 2 * MAX_TEXT)

function isAlikeButForSpace(one: string, other: string): boolean {
  let [i, j] = [0, 0]
  for (let alike = 0; i < one.length && j < other.length; ) {
    // Between two folds nothing differs.
    if (alike-- === 0) {
      if (one.slice(i, i + PIECE) === other.slice(j, j + PIECE)) {
        ;[i, j, alike] = [i + PIECE, j + PIECE, 0]
        continue
      }
      alike = PIECE
    }
    if (isSpace(one.charCodeAt(i))) i++
    else if (isSpace(other.charCodeAt(j))) j++
    else if (one.charCodeAt(i++) !== other.charCodeAt(j++)) return false
  }
  return one.slice(i).trim() === '' && other.slice(j).trim() === ''
}

/** Characters that are compared at once. */
const PIECE = 64

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)
