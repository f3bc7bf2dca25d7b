// The keys that sign our mail (DKIM): one RSA, one Ed25519, and while they are rotated the next of each. A key signs when the DNS has its
// record, and not before; the first RSA key, of selector `cordon`, always did. An old one is kept until its record is gone. All stand in
// one file, written whole, but for that first key, which is a file of its own.

import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DkimKey } from '../../mail/dkim-sign.ts'
import { DAY } from '../../model/duration.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { writeWhole } from '../write-whole.ts'

export type KeptDkimKey = {
  readonly selector: string
  readonly kind: 'rsa' | 'ed25519'
  /** In PEM. */
  readonly privateKey: string
  /** Unix time, ms: since when it signs; undefined: its record is not in the DNS yet. */
  readonly signs?: number
  /** Since when another key signs in its place. */
  readonly ended?: number
}

/** Of the key that Cordon makes at its first start. */
const FIRST = 'cordon'
/** Longer than mail waits in a queue (`giveUpAfter`): a signature is checked when the mail arrives. */
const OLD_KEPT = 14 * DAY

/** Selectors: of keys that wait for the DNS, and of those that waited and are gone. */
export type RotatedDkim = { readonly made: readonly string[]; readonly givenUp: readonly string[] }

const KINDS = ['rsa', 'ed25519'] as const
const pair = promisify(generateKeyPair)

export class DkimKeyStore {
  readonly #file: string
  #keys: readonly KeptDkimKey[]

  constructor(file: string, keys: readonly KeptDkimKey[]) {
    this.#file = file
    this.#keys = keys
  }

  all(): readonly KeptDkimKey[] {
    return this.#keys
  }

  /** Those that sign now, for mail of this domain; RSA first. */
  signing(domain: string): readonly DkimKey[] {
    return KINDS.flatMap(kind =>
      this.#keys
        .filter(one => one.kind === kind && isSigning(one))
        .map(({ selector, privateKey }) => ({ domain, selector, privateKey })),
    )
  }

  /**
   * New keys of both kinds, which sign when they are published. Those that signed nothing yet are given up: a copy of them may be what was lost.
   * Rejects, and has changed nothing, when they cannot be written.
   */
  async rotate(at: number): Promise<RotatedDkim> {
    const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
    const name = (kind: string) => `${FIRST}-${day}-${kind}`
    // Twice in a day there is a number behind it.
    const free = (kind: string, n = 1): string => {
      const selector = n === 1 ? name(kind) : `${name(kind)}-${n}`
      return this.#keys.some(one => one.selector === selector) ? free(kind, n + 1) : selector
    }
    const pairs = await Promise.all(KINDS.map(kind => newKey('', kind)))
    const made = pairs.map(one => ({ ...one, selector: free(one.kind) }))
    const isUsed = ({ signs }: KeptDkimKey) => signs !== undefined
    const givenUp = this.#keys.filter(one => !isUsed(one))
    this.#write([...this.#keys.filter(isUsed), ...made])
    return { made: made.map(selectorOf), givenUp: givenUp.map(selectorOf) }
  }

  /** The DNS has its record: it signs from now on, and the one before it does not. */
  published(selector: string, at: number): void {
    const next = this.#keys.find(one => one.selector === selector)
    if (!next || next.signs !== undefined) return
    this.#write(
      this.#keys.map(one => {
        if (one === next) return { ...one, signs: at }
        return one.kind === next.kind && isSigning(one) ? { ...one, ended: at } : one
      }),
    )
  }

  /** Its record is not in the DNS any more: an old key that has been kept long enough goes. */
  unpublished(selector: string, at: number): void {
    const gone = this.#keys.find(one => one.selector === selector)
    if (gone?.ended === undefined || at - gone.ended < OLD_KEPT) return
    this.#write(this.#keys.filter(one => one !== gone))
  }

  #write(keys: readonly KeptDkimKey[]): void {
    writeWhole(this.#file, textOf(keys))
    this.#keys = keys
  }
}

/** When the record of an old key may be taken out of the zone. */
export const mayGo = ({ ended }: Pick<KeptDkimKey, 'ended'>): number | undefined =>
  ended === undefined ? undefined : ended + OLD_KEPT

const selectorOf = ({ selector }: KeptDkimKey): string => selector

const isSigning = ({ signs, ended }: KeptDkimKey): boolean =>
  signs !== undefined && ended === undefined

/** As they are on disk. `first`: the RSA key of its own file. Throws when the file is damaged. */
export function dkimKeysIn(file: string, first: string): readonly KeptDkimKey[] {
  if (!existsSync(file)) return [{ selector: FIRST, kind: 'rsa', privateKey: first, signs: 0 }]
  const all = JSON.parse(
    wholeFileNow(file).bytes.toString('utf8'),
  ) as readonly Partial<KeptDkimKey>[]
  const keys = all.map(({ selector, kind, privateKey = first, signs, ended }) => {
    const known = createPrivateKey(privateKey).asymmetricKeyType
    if (typeof selector !== 'string' || !KINDS.some(one => one === kind) || known !== kind)
      throw new Error('a key of DKIM is not what it says')
    return {
      selector,
      kind: known,
      privateKey,
      ...(signs === undefined ? {} : { signs }),
      ...(ended === undefined ? {} : { ended }),
    } as KeptDkimKey
  })
  if (!keys.some(one => one.kind === 'rsa' && isSigning(one)))
    throw new Error('no key of DKIM signs')
  return keys
}

/** Those in a data folder, for a program beside the one that signs. Throws where the first start has not made them yet. */
export function dkimKeysOf(dataFolder: string): readonly KeptDkimKey[] {
  const inKeys = (name: string) => join(dataFolder, 'keys', name)
  return dkimKeysIn(inKeys('dkim-keys.json'), textIn(inKeys('dkim.pem')))
}

const textIn = (file: string): string => wholeFileNow(file).bytes.toString('utf8')

/** With an Ed25519 key, which is made if there is none. */
export async function openDkimKeys(file: string, first: string): Promise<DkimKeyStore> {
  const known = dkimKeysIn(file, first)
  if (known.some(one => one.kind === 'ed25519')) return new DkimKeyStore(file, known)
  const keys = [...known, await newKey(`${FIRST}-ed25519`, 'ed25519')]
  writeWhole(file, textOf(keys))
  return new DkimKeyStore(file, keys)
}

const textOf = (keys: readonly KeptDkimKey[]): string =>
  `${JSON.stringify(
    keys.map(({ privateKey, ...one }) => (one.selector === FIRST ? one : { ...one, privateKey })),
    undefined,
    1,
  )}\n`

async function newKey(selector: string, kind: KeptDkimKey['kind']): Promise<KeptDkimKey> {
  const { privateKey } = await (kind === 'rsa'
    ? pair('rsa', { modulusLength: 2048 })
    : pair('ed25519'))
  return {
    selector,
    kind,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
