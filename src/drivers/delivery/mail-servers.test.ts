import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StsPolicy } from '../../mail/mta-sts-policy.ts'
import type { Tlsa } from '../../wire/dane.ts'
import type { SignedMailDns } from '../lookups/signed-mail-dns.ts'
import { mailServers } from './mail-servers.ts'

const FAR = 'far.example'
const MX = `mx.${FAR}`
const TLSA: Tlsa = { usage: 3, selector: 1, matching: 1, data: 'ab'.repeat(32) }
const UNUSABLE: Tlsa = { ...TLSA, usage: 1 }

type Facts = {
  readonly validates?: boolean | 'silent'
  readonly mxSigned?: boolean
  readonly addressSigned?: boolean
  readonly tlsa?: readonly Tlsa[] | 'silent'
  readonly alias?: string
  readonly aliasSigned?: boolean | 'silent'
  readonly sts?: StsPolicy
}

const SILENT = { failed: 'timeout' } as const

/** A domain with one exchanger, and a resolver on this machine. Whose TLSA records were asked for is in `asked`. */
function servers(facts: Facts, asked: string[] = []) {
  const { mxSigned = true, addressSigned = true, tlsa = [], alias = MX } = facts
  const signed: SignedMailDns = {
    validates: async () => {
      const { validates = true } = facts
      return validates === 'silent' ? SILENT : { value: validates }
    },
    mx: async () => ({
      value: { found: [{ host: MX, preference: 10 }], secure: mxSigned, owner: FAR },
    }),
    addresses: async () => ({
      value: { found: ['192.0.2.1'], secure: addressSigned, owner: alias },
    }),
    isSignedAlias: async () =>
      facts.aliasSigned === 'silent' ? SILENT : { value: facts.aliasSigned ?? false },
    tlsa: async names => {
      asked.push(...names)
      if (tlsa === 'silent') return SILENT
      return { value: tlsa.length > 0 ? { base: names[0] ?? '', records: tlsa } : undefined }
    },
  }
  return mailServers({
    resolver: {
      mx: async () => ({ value: [{ host: `plain.${FAR}`, preference: 10 }] }),
      addresses: async () => ({ value: ['192.0.2.2'] }),
    },
    signed: () => signed,
    sts: async () => facts.sts,
    port: 25,
  })
}

/** What is asked of the server, or why it is not used. */
async function judged(facts: Facts, asked: string[] = []): Promise<string> {
  const found = await servers(facts, asked).of(FAR)
  if ('failed' in found) return found.failed
  const server = await found.value.server(found.value.mx[0]?.host ?? '')
  if ('unused' in server) return `${server.status} ${server.unused}`
  const { tls, dane, serverName } = server.way
  return `${tls}${dane ? ` DANE ${dane.names.join()}` : ''} ${serverName}`
}

const enforced = (mx: string): StsPolicy => ({ mode: 'enforce', mx: [mx], maxAge: 86_400 })

test('what is asked of a server: DANE, else MTA-STS, else what it can', async () => {
  const sts = enforced(MX)
  assert.equal(await judged({}), `opportunistic ${MX}`)
  assert.equal(await judged({ tlsa: [TLSA] }), `required DANE ${MX},${FAR},${FAR} ${MX}`)
  assert.equal(await judged({ tlsa: [UNUSABLE] }), `required ${MX}`)
  assert.equal(await judged({ sts }), `verified ${MX}`)
  assert.equal(await judged({ sts: { ...sts, mode: 'testing' } }), `opportunistic ${MX}`)
  assert.equal(await judged({ sts: { ...sts, mode: 'none' } }), `opportunistic ${MX}`)
  const other = enforced('mx.other.example')
  const unnamed = `4.7.5 MTA-STS of ${FAR} does not name its mail server ${MX}`
  assert.equal(await judged({ sts: other }), unnamed)
  assert.match(await judged({ tlsa: [TLSA], sts: other }), /^required DANE/)
  assert.equal(await judged({ tlsa: [UNUSABLE], sts }), `verified ${MX}`)
  assert.equal(await judged({ tlsa: [UNUSABLE], sts: other }), unnamed)
})

test('TLSA records count only where all that leads to them is signed', async () => {
  const asked: string[] = []
  const tlsa = [TLSA]
  assert.equal(await judged({ tlsa, mxSigned: false }, asked), `opportunistic ${MX}`)
  assert.equal(await judged({ tlsa, addressSigned: false }, asked), `opportunistic ${MX}`)
  assert.deepEqual(asked, [])
})

test('of a server with another name the records of that name count first', async () => {
  const asked: string[] = []
  const alias = 'host.other.example'
  assert.match(await judged({ tlsa: [TLSA], alias }, asked), new RegExp(`^required DANE ${alias}`))
  assert.deepEqual(asked.splice(0), [alias, MX])
  // Where only the alias itself is signed, those of the alias do.
  const half = { tlsa: [TLSA], alias, addressSigned: false }
  assert.equal(await judged({ ...half, aliasSigned: false }, asked), `opportunistic ${MX}`)
  assert.match(
    await judged({ ...half, aliasSigned: true }, asked),
    new RegExp(`^required DANE ${MX}`),
  )
  assert.deepEqual(asked, [MX])
})

test('what has no answer is never taken for "there is none", whatever else vouches', async () => {
  const silent = `4.4.3 the DNS does not answer for the TLSA record of ${MX}`
  assert.equal(await judged({ tlsa: 'silent' }), silent)
  assert.equal(await judged({ tlsa: 'silent', sts: enforced(MX) }), silent)
  const half = { alias: 'host.other.example', addressSigned: false }
  assert.equal(await judged({ ...half, aliasSigned: 'silent' }), silent)
})

test('a resolver that has validated, and does not answer for the root now, is waited for; one that never did is as any other', async () => {
  const state: { validates: boolean | 'silent' } = { validates: 'silent' }
  const facts = {
    get validates() {
      return state.validates
    },
  }
  const one = servers(facts)
  const kind = async () => {
    const found = await one.of(FAR)
    return 'failed' in found ? found.failed : found.value.mx[0]?.host
  }
  assert.equal(await kind(), `plain.${FAR}`)
  state.validates = true
  assert.equal(await kind(), MX)
  state.validates = 'silent'
  assert.equal(await kind(), 'timeout')
})

test('a resolver that validates nothing is not asked for more', async () => {
  assert.equal(await judged({ validates: false, tlsa: [TLSA] }), `opportunistic plain.${FAR}`)
  const sts = enforced('plain.far.example')
  assert.equal(await judged({ validates: false, sts }), `verified plain.${FAR}`)
})
