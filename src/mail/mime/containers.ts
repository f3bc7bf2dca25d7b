// Parts that hold files without being archives, and that mail programs open without being asked: winmail.dat, S/MIME, BinHex, calendars and
// address cards. What cannot be read of one is said, as of an archive.

import { fileExtension } from '../file-extension.ts'
import { binHexName } from './binhex.ts'
import { cmsContent } from './cms.ts'
import { CONTENT_LINES } from './content-lines.ts'
import type { Container, HeldPart, Leaf } from './inside.ts'
import { WINMAIL } from './winmail.ts'
import { addNames, type At, mayTake, unread } from './walked.ts'

/** Looks at each byte of one, at most: BER is walked through once for each of its depths. */
const STEPS = 8
const CMS_TYPE = /^application\/(?:x-)?pkcs7-mime$/
const CMS_NAMES: ReadonlySet<string> = new Set(['p7m', 'p7z'])
const BINHEX_TYPE = /^application\/(?:x-)?(?:mac-)?binhex(?:40)?$/
const BINHEX_NAMES: ReadonlySet<string> = new Set(['hqx'])

const BINHEX: Container = {
  holds: ({ types, names }) =>
    types.some(type => BINHEX_TYPE.test(type)) || has(BINHEX_NAMES, names),
  read({ bytes, cut }, at) {
    const name = binHexName(bytes) ?? ''
    if (name !== '') addNames([name], at)
    else if (!cut) unread('archive', at)
    return []
  },
}

const CMS: Container = {
  holds: ({ types, names }) => types.some(type => CMS_TYPE.test(type)) || has(CMS_NAMES, names),
  read({ bytes, names }, at) {
    if (!mayTake(bytes.length * STEPS, at)) return []
    const found = cmsContent(bytes)
    if (found === 'locked') at.found.locked ??= names[0] ?? ''
    else if (found === 'unread') unread('archive', at)
    else return [{ message: found.content }]
    return []
  },
}

const CONTAINERS: readonly Container[] = [WINMAIL, BINHEX, CMS, CONTENT_LINES]

export const insideOf = (leaf: Leaf, at: At): readonly HeldPart[] =>
  CONTAINERS.flatMap(one => (one.holds(leaf) ? one.read(leaf, at) : []))

const has = (extensions: ReadonlySet<string>, names: readonly string[]): boolean =>
  names.some(name => extensions.has(fileExtension(name)?.toLowerCase() ?? ''))
