// Parts that hold files without being archives, and that mail programs open without being asked: winmail.dat, S/MIME, BinHex. What cannot be
// read of one is said, as of an archive.

import { fileExtension } from '../file-extension.ts'
import { binHexName } from './binhex.ts'
import { cmsContent } from './cms.ts'
import { isTnef, tnefNames } from './tnef.ts'
import { addNames, type At, mayTake, unread } from './walked.ts'

/** Looks at each byte of one, at most: BER is walked through once for each of its depths. */
const STEPS = 8
const CMS = /^application\/(?:x-)?pkcs7-mime$/
const CMS_NAMES: ReadonlySet<string> = new Set(['p7m', 'p7z'])
const BINHEX_NAMES: ReadonlySet<string> = new Set(['hqx'])
const BINHEX = /^application\/(?:x-)?(?:mac-)?binhex(?:40)?$/

type File = {
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly bytes: Buffer
  /** The file had more bytes than these. */
  readonly cut: boolean
}

/** The MIME in the file, to be walked as a message. */
export function readContainer({ names, types, bytes, cut }: File, at: At): readonly Buffer[] {
  if (isTnef(bytes)) {
    if (!mayTake(bytes.length * STEPS, at)) return []
    const { names: files, whole } = tnefNames(bytes)
    addNames(files, at)
    if (!whole && !cut) unread('archive', at)
  }
  const isBinHex = types.some(type => BINHEX.test(type)) || has(BINHEX_NAMES, names)
  const name = isBinHex ? binHexName(bytes) : undefined
  if (name !== undefined && name !== '') addNames([name], at)
  else if (isBinHex && !cut) unread('archive', at)
  const isCms = types.some(type => CMS.test(type)) || has(CMS_NAMES, names)
  if (!isCms || !mayTake(bytes.length * STEPS, at)) return []
  const found = cmsContent(bytes)
  if (found === 'locked') at.found.locked ??= names[0] ?? ''
  else if (found === 'unread') unread('archive', at)
  else return [found.content]
  return []
}

const has = (extensions: ReadonlySet<string>, names: readonly string[]): boolean =>
  names.some(name => extensions.has(fileExtension(name)?.toLowerCase() ?? ''))
