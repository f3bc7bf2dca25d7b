// The keys Cordon makes for itself at the first start, so that it starts with no configuration: a self-signed
// certificate, a DKIM key, and the secret under which correspondents are hashed. Kept in the data folder, mode 0600.
// They are made once: a later start that does not find them as they were says so and ends, because whatever depends on them (tags of
// bounces, rewritten senders, hashes of correspondents, the DKIM record in DNS, names of refusals) would silently stop being true.

import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DkimKeyStore, dkimKeysIn, openDkimKeys } from './dkim-keys.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { writeWhole } from '../write-whole.ts'

export type OwnKeys = {
  readonly certificate: { readonly key: string; readonly chain: string }
  readonly dkim: DkimKeyStore
  readonly secret: string
  /** What the operator must know of them. */
  readonly said?: string
}

export type KeyOptions = {
  /** This data folder was in use before: whatever is missing was lost. */
  readonly inUse?: boolean
}

/** An empty file of this name beside the keys lets those that are missing be made anew, once. */
const BEGIN_ANEW = 'begin-anew'

/** Throws a sentence, and has changed nothing, when a key is damaged, or missing where there was one. */
export async function ownKeys(
  folder: string,
  hostname: string,
  { inUse = false }: KeyOptions = {},
): Promise<OwnKeys> {
  const keys = join(folder, 'keys')
  const secretFile = join(keys, 'correspondents.secret')
  const dkimFile = join(keys, 'dkim.pem')
  // None where a Cordon made the keys that had one of DKIM: it is not missed, but what it may have said of that one is.
  const dkimKeys = join(keys, 'dkim-keys.json')
  const keyFile = join(keys, 'tls-key.pem')
  const chainFile = join(keys, 'tls-certificate.pem')
  const wanted = [secretFile, dkimFile, keyFile, chainFile]
  const anew = join(keys, BEGIN_ANEW)
  const allowed = !inUse || existsSync(anew)
  // Everything is looked at before anything is made.
  const wrong: KeyProblem[] = wanted.flatMap(file =>
    allowed || existsSync(file) ? [] : [{ file, what: 'is missing' }],
  )
  for (const [file, isWhole] of [
    [secretFile, isSecret],
    [dkimFile, isKey],
    [keyFile, isKey],
    [chainFile, isCertificate],
  ] as const)
    if (existsSync(file) && !isWhole(textOf(file))) wrong.push({ file, what: 'is damaged' })
  if (existsSync(dkimKeys)) {
    // A pipe or a device is told as what it is.
    textOf(dkimKeys)
    const isKnown = wrong.length > 0 || !existsSync(dkimFile)
    if (!isKnown && !succeeds(() => dkimKeysIn(dkimKeys, textOf(dkimFile))))
      wrong.push({ file: dkimKeys, what: 'is damaged' })
  }
  if (wrong.length > 0) throw keyProblem(wrong, keys)

  mkdirSync(keys, { recursive: true, mode: 0o700 })
  if (!existsSync(secretFile)) writeWhole(secretFile, randomBytes(SECRET).toString('base64'))
  if (!existsSync(dkimFile)) writeWhole(dkimFile, newDkimKey())
  if (!existsSync(keyFile) || !existsSync(chainFile)) {
    const made = await selfSigned(hostname)
    writeWhole(chainFile, made.chain)
    writeWhole(keyFile, made.key)
  }
  const [key, chain] = [textOf(keyFile), textOf(chainFile)]
  if (!new X509Certificate(chain).checkPrivateKey(createPrivateKey(key)))
    throw keyProblem([{ file: keyFile, what: `does not belong to ${chainFile}` }], keys)
  rmSync(anew, { force: true })
  const lost = inUse && !existsSync(dkimKeys)
  return {
    certificate: { key, chain },
    dkim: await openDkimKeys(dkimKeys, textOf(dkimFile), { lost }),
    secret: textOf(secretFile).trim(),
    ...(lost ? { said: lostList(dkimKeys) } : {}),
  }
}

const lostList = (file: string): string =>
  `${file} was missing, with all keys that a rotation made: restore it from a backup. Until then the key in dkim.pem signs, if the DNS has its record; \`cordon dkim show\` says whether`

/** Throws a sentence for a pipe, a device or a folder, which is neither waited for nor made anew. */
const textOf = (file: string): string => wholeFileNow(file).bytes.toString('utf8')

/** Bytes, as many as the hash that is keyed with it has. */
const SECRET = 32

const isSecret = (text: string) =>
  /^[\w+/]+=*\s*$/.test(text) && Buffer.from(text, 'base64').length === SECRET

const isKey = (text: string) => succeeds(() => createPrivateKey(text))
const isCertificate = (text: string) => succeeds(() => new X509Certificate(text))

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

type KeyProblem = { readonly file: string; readonly what: string }

/** All of them: an operator who restores one from a backup would hear of the next at the next start. */
function keyProblem(all: readonly KeyProblem[], keys: string): Error {
  const which = all.map(({ file, what }) => `${file} ${what}`).join(', ')
  const [it, one] = all.length === 1 ? ['it', 'a new one is'] : ['them', 'new ones are']
  const isThere = all.some(({ file }) => existsSync(file))
  return new Error(
    `${which}. Restore ${it} from a backup; or, if there is none, ${isThere ? `move ${it} away and ` : ''}make an empty file ${join(keys, BEGIN_ANEW)}: then ${one} made at the next start (docs/operations.md says what that breaks).`,
  )
}

function newDkimKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

async function selfSigned(hostname: string): Promise<{ key: string; chain: string }> {
  // Some 240 modules, for the first start alone.
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 825 * 86_400_000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: hostname },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: made.private, chain: made.cert }
}
