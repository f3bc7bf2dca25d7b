// The keys that sign our mail (DKIM): one RSA, one Ed25519, and while they are rotated the next of each. A key signs when the DNS has its
// record, and not before, for the domain whose zone has it; the first RSA key, of selector `cordon`, of a new data folder signs unseen. An old
// one is kept until its record is gone. All stand in one file, written whole, but for that first key, which is a file of its own.

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
  /** Whose zone has had its record: it signs for no other. Undefined: it signs for any, unseen. */
  readonly domain?: string
  /** Since when another key signs in its place. */
  readonly ended?: number
}

/** Of the key that Cordon makes at its first start. */
const FIRST = 'cordon'
/** The `domain` of a key that signed once, and now signs for none until its record is found. */
const NOWHERE = ''
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
        .filter(one => one.kind === kind && signsFor(one, domain))
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

  /** The zone of this domain has its record: it signs for it from now on, and the one before it does not. */
  published(selector: string, domain: string, at: number): void {
    const next = this.#keys.find(one => one.selector === selector)
    if (!next || next.ended !== undefined || next.domain === domain) return
    this.#write(
      this.#keys.map(one => {
        if (one === next) return { ...one, signs: signsFor(one, domain) ? one.signs : at, domain }
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

type DkimState = Pick<KeptDkimKey, 'signs' | 'domain' | 'ended'>

const isSigning = ({ signs, ended }: DkimState): boolean =>
  signs !== undefined && ended === undefined

/** Whether mail of this domain is signed with it. */
export const signsFor = (key: DkimState, domain: string): key is DkimState & { signs: number } =>
  isSigning(key) && (key.domain === undefined || key.domain === domain)

/** As they are on disk. `first`: the RSA key of its own file. Throws when the file is damaged. */
export function dkimKeysIn(file: string, first: string): readonly KeptDkimKey[] {
  if (!existsSync(file)) return [{ selector: FIRST, kind: 'rsa', privateKey: first, signs: 0 }]
  const keys = dkimKeysFrom(JSON.parse(wholeFileNow(file).bytes.toString('utf8')), first)
  const signing = (kind: string) => keys.filter(one => one.kind === kind && isSigning(one)).length
  if (signing('rsa') !== 1 || signing('ed25519') > 1)
    throw new Error('not one key of each kind signs')
  return keys
}

/** What a selector is in the DNS: it stands in the header of mail, too. */
const SELECTOR = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/i

/** Each is looked at: what another program wrote here would sign, or be sent. */
function dkimKeysFrom(json: unknown, first: string): readonly KeptDkimKey[] {
  if (!Array.isArray(json)) throw new Error('it is no list of keys of DKIM')
  return json.map((one: Partial<KeptDkimKey> | null) => {
    const { selector, privateKey = selector === FIRST ? first : '', ...state } = one ?? {}
    const { kind, signs, domain, ended } = state
    const isTime = (at: unknown) => at === undefined || (typeof at === 'number' && at >= 0)
    const known =
      typeof selector === 'string' &&
      SELECTOR.test(selector) &&
      KINDS.find(each => each === kind && each === createPrivateKey(privateKey).asymmetricKeyType)
    if (
      !known ||
      !isTime(signs) ||
      !isTime(ended) ||
      !['undefined', 'string'].includes(typeof domain)
    )
      throw new Error(`${selector} is not what a key of DKIM is`)
    return {
      selector,
      kind: known,
      privateKey,
      ...(signs === undefined ? {} : { signs }),
      ...(domain === undefined ? {} : { domain }),
      ...(ended === undefined ? {} : { ended }),
    }
  })
}

/** Those in a data folder, for a program beside the one that signs. Throws where the first start has not made them yet. */
export function dkimKeysOf(dataFolder: string): readonly KeptDkimKey[] {
  const inKeys = (name: string) => join(dataFolder, 'keys', name)
  return dkimKeysIn(inKeys('dkim-keys.json'), textIn(inKeys('dkim.pem')))
}

const textIn = (file: string): string => wholeFileNow(file).bytes.toString('utf8')

/** With an Ed25519 key, which is made if there is none. `lost`: the file was there once, so the first key may be one that was taken back. */
export async function openDkimKeys(
  file: string,
  first: string,
  { lost = false }: { readonly lost?: boolean } = {},
): Promise<DkimKeyStore> {
  const read = dkimKeysIn(file, first)
  const known = lost ? read.map(one => ({ ...one, domain: NOWHERE })) : read
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
