// A small Cordon in memory for tests of doors: two customers, one line each, passwords that are their names.

import { pbkdf2Sync } from 'node:crypto'
import { checkProof, verifierFrom } from '../../src/mail/sasl/scram.ts'
import type { Credentials } from '../../src/ports/credentials.ts'
import type { Spool } from '../../src/ports/spool.ts'
import {
  type VirtualCordon,
  virtualCordon,
  type VirtualSettings,
} from '../../src/simulation/virtual/virtual-cordon.ts'
import { shipped } from './shipped.ts'

export const NOW = Date.UTC(2026, 0, 5, 12)

/** A consumer with one login, an alias, and nothing unusual. */
export const customer = (id: string) => ({
  id,
  plan: 'consumer' as const,
  flags: [],
  language: 'en',
  contacts: [`${id}@isp.example`],
  logins: [{ name: `${id}@isp.example`, addresses: [`${id}@isp.example`, `${id}.ek@isp.example`] }],
})

const CUSTOMERS = [customer('anna'), customer('bert')]

const owned = (name: string) => CUSTOMERS.find(one => one.logins.some(login => login.name === name))

const SALT = Buffer.from('salt of a test')
const verifier = verifierFrom(pbkdf2Sync('secret', SALT, 4096, 32, 'sha256'), {
  salt: SALT,
  iterations: 4096,
})

/** The password of every login is the word "secret". */
export const credentials: Pick<Credentials, 'verify' | 'salted' | 'prove'> = {
  verify: async (name, password) => {
    const owner = owned(name)
    const login = owner?.logins[0]
    return owner && login && password === 'secret'
      ? { ok: true, login, subscriber: owner.id }
      : { ok: false, why: 'wrong' }
  },
  salted: async () => ({ salt: SALT.toString('base64'), iterations: 4096 }),
  prove: async (name, given) => {
    const signature = checkProof(verifier, given)
    const turn = { lane: 'rest', from: '' } as const
    const answer = await credentials.verify(name, signature ? 'secret' : '', 'send', turn)
    return answer.ok && signature !== undefined ? { ...answer, signature } : answer
  },
}

/** Anna is at 203.0.113.7, Bert at 127.0.0.1: who connects to a test's socket is Bert's line. */
export function smallCordon(
  spool?: Spool,
  policy: Partial<(typeof shipped)['policy']> = {},
  forwards: Readonly<Record<string, readonly string[]>> = {},
  stores: Pick<VirtualSettings, 'counters' | 'elsewhere' | 'episodes' | 'logged'> = {},
): Promise<VirtualCordon> {
  return virtualCordon({
    ...(spool ? { spool } : {}),
    ...stores,
    subscribers: CUSTOMERS,
    leases: [
      { realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 },
      { realm: 'main', prefix: '127.0.0.1/32', subscriber: 'bert', from: 0 },
    ],
    domains: ['isp.example'],
    forwards,
    scanner: { name: 'none', sees: 'ours', scan: async () => ({ content: 'clean' }) },
    ...shipped,
    policy: { ...shipped.policy, ...policy },
    now: () => NOW,
  })
}
