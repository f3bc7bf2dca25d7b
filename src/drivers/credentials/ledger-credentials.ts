// Passwords as argon2id hashes in the ledger. 38 ms each on purpose, so: never more at once than the machine has
// cores to spare, and a password that was right a moment ago is remembered under a key that dies with the process.

import { argon2, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { MINUTE } from '../../model/duration.ts'
import type { Credentials, LoginAnswer } from '../../ports/credentials.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type HashCost = { readonly memory: number; readonly passes: number }
/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
export const PROPER_COST: HashCost = { memory: 19 * 1024, passes: 2 }

const REMEMBERED_FOR = 10 * MINUTE
const REMEMBERED_AT_MOST = 100_000
/** Logins that may wait for a core; more are told to come back. */
const MAX_WAITING = 500
const UNKNOWN_USER = { salt: Buffer.alloc(16), tag: Buffer.alloc(32) }

export type LedgerCredentials = Credentials & { load(): Promise<void> }

export function ledgerCredentials(ledger: Ledger, subscribers: Subscribers): LedgerCredentials {
  const hashes = new Map<string, string>()
  const remembered = new Map<string, { proof: string; until: number }>()
  const processKey = randomBytes(32)
  const gate = createGate(Math.max(1, availableParallelism() - 1))
  const proofOf = (name: string, password: string) =>
    createHmac('sha256', processKey).update(`${name}\0${password}`).digest('base64')

  async function check(key: string, password: string): Promise<boolean | 'busy'> {
    const proof = proofOf(key, password)
    const known = remembered.get(key)
    if (known && known.until > Date.now() && known.proof === proof) return true
    if (gate.waiting >= MAX_WAITING) return 'busy'
    const right = await gate.run(() => matches(hashes.get(key), password))
    if (right) {
      if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear()
      remembered.set(key, { proof, until: Date.now() + REMEMBERED_FOR })
    }
    return right
  }

  return {
    load: async () => {
      for (const account of await ledger.accounts())
        hashes.set(keyOf(account.subscriber, account.login), account.hash)
    },
    verify: async (name, password): Promise<LoginAnswer> => {
      const folded = name.toLowerCase()
      const subscriber = subscribers.byLogin(folded)
      const login = subscriber?.logins.find(one => one.name === folded)
      const right = await check(keyOf(subscriber?.id ?? '', folded), password)
      if (right === 'busy') return { ok: false, why: 'busy' }
      if (!subscriber || !login) return { ok: false, why: 'unknown' }
      return right ? { ok: true, login, subscriber: subscriber.id } : { ok: false, why: 'wrong' }
    },
    verifyPortal: async (subscriber, password) =>
      (await check(keyOf(subscriber, undefined), password)) === true,
    setPassword: async (login, password) => {
      const subscriber = subscribers.byLogin(login)
      if (!subscriber) throw new Error(`no such login: ${login}`)
      const hash = await hashPassword(password, PROPER_COST)
      await ledger.putAccounts([{ subscriber: subscriber.id, login, hash }])
      const key = keyOf(subscriber.id, login)
      remembered.delete(key)
      hashes.set(key, hash)
    },
  }
}

/** `argon2id$memory$passes$salt$tag`. */
export async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt, cost)
  return [
    'argon2id',
    cost.memory,
    cost.passes,
    salt.toString('base64'),
    tag.toString('base64'),
  ].join('$')
}

async function matches(hash: string | undefined, password: string): Promise<boolean> {
  if (hash === undefined) {
    // An unknown name takes as long as a wrong password.
    await derive(password, UNKNOWN_USER.salt, PROPER_COST)
    return false
  }
  const [scheme, memory, passes, salt, tag] = hash.split('$')
  if (scheme !== 'argon2id' || salt === undefined || tag === undefined) return false
  const wanted = Buffer.from(tag, 'base64')
  const got = await derive(password, Buffer.from(salt, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
  })
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}

function derive(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  const parameters = {
    message: password,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: cost.memory,
    passes: cost.passes,
  }
  return new Promise((resolve, reject) =>
    argon2('argon2id', parameters, (error, tag) =>
      error ? reject(error) : resolve(Buffer.from(tag)),
    ),
  )
}

const keyOf = (subscriber: string, login: string | undefined) =>
  login === undefined ? `portal ${subscriber}` : `login ${login}`

function createGate(width: number) {
  let running = 0
  const queue: (() => void)[] = []
  return {
    get waiting() {
      return queue.length
    },
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      if (running >= width) await new Promise<void>(resolve => queue.push(resolve))
      running++
      try {
        return await work()
      } finally {
        running--
        queue.shift()?.()
      }
    },
  }
}
