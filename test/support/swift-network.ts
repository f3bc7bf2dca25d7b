// Everything between an accounting packet and what routers and access servers hold, in one process and in played time: sequences are played to it
// in milliseconds. Nothing waits for a real clock, a socket or a process; what nft and CoA are asked waits until it is let go. A kill forgets all
// that is not on disk. The real program beside a real router is played in test/lab/who-is-closed.test.ts.

import { memoryLeases, type MemoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { nftables } from '../../src/drivers/network/nftables/nftables.ts'
import type { CoaClient } from '../../src/drivers/network/radius-coa/coa-client.ts'
import { radiusCoa } from '../../src/drivers/network/radius-coa/radius-coa.ts'
import { leaseMover } from '../../src/engine/network/move-leases.ts'
import { desiredState, reconcile, type ReconcileParts } from '../../src/engine/network/reconcile.ts'
import type { Decision } from '../../src/model/decision.ts'
import { DAY, MINUTE } from '../../src/model/duration.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { accountingRecord } from '../../src/sensors/radius/accounting.ts'
import { firstTellers, radiusClients } from '../../src/sensors/radius/clients.ts'
import { AccountingSessions } from '../../src/sensors/radius/sessions.ts'
import { timeOf } from '../../src/sensors/radius/time-of-event.ts'
import { type Attribute, CODES } from '../../src/wire/radius.ts'
import { type KnownClock, type TellerClocks, tellerClocks } from '../../src/wire/teller-clocks.ts'
import { CoaSessions } from './coa-sessions.ts'
import { lookupsOf } from './lease-lookups.ts'
import { SlowRouter } from './slow-router.ts'

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

export type SwiftSettings = {
  readonly customers: readonly Subscriber[]
  /** RADIUS clients, and the realm of what each gives out. */
  readonly clients: readonly { readonly address: string; readonly realm?: string }[]
  /** The access server that takes CoA requests, and its realm. */
  readonly coa: { readonly nas: string; readonly realm: string }
  /** Where the CoA driver keeps what it put on. */
  readonly file: string
  readonly began: number
}

type Life = {
  isOver: boolean
  readonly leases: MemoryLeases
  readonly sessions: AccountingSessions
  readonly clocks: TellerClocks
  /** Access servers that were heard, and how their clocks are called. */
  readonly known: Map<string, Set<string>>
  readonly clients: ReturnType<typeof radiusClients>
  readonly parts: ReconcileParts
  readonly move: ReturnType<typeof leaseMover>
  readonly under: Set<Promise<void>>
}

export class SwiftNetwork {
  now: number
  readonly router: SlowRouter
  readonly coa = new CoaSessions()
  /** CoA requests that wait for an answer. */
  readonly requests: { readonly go: () => void; readonly take: () => void }[] = []
  readonly #settings: SwiftSettings
  /** On disk. */
  readonly #decisions = new Map<string, Decision>()
  readonly #rows = new Map<string, Lease>()
  readonly #anew = new Map<string, number>()
  readonly #heard = new Map<string, number>()
  readonly #clocks = new Map<string, KnownClock>()
  #life: Life
  #orders = 0

  constructor(settings: SwiftSettings) {
    this.#settings = settings
    this.now = settings.began
    this.router = new SlowRouter(() => this.now)
    this.#life = this.#begin()
  }

  isSettled(nas: string): boolean {
    const { clocks, known } = this.#life
    return [...(known.get(nas) ?? [])].every(name => clocks.of('radius', name).settled)
  }

  /** A packet of this client. */
  hear(from: string, attributes: readonly Attribute[]): void {
    const { clients, clocks, known, sessions, move } = this.#life
    const client = clients.get(from)
    if (!client) throw new Error(`${from} is no client`)
    const packet = { code: CODES.accountingRequest, id: 0, authenticator: new Uint8Array(16) }
    const record = accountingRecord(
      { ...packet, attributes: [...attributes] },
      { from, subscriber: 'user-name', realmOf: nas => client.realmOf(nas) },
    )
    if (!record || !client.speaksFor(record.nas)) throw new Error(`${from} tells nothing`)
    const teller = client.tellerOf(record.nas)
    const by = teller === undefined ? {} : { teller }
    const name = sessions.clockOf({ nas: record.nas, ...by }, this.now)
    known.set(record.nas, (known.get(record.nas) ?? new Set<string>()).add(name))
    const clock = clocks.of('radius', name)
    const news = { ...record, ...by, ...timeOf(record, clock, this.now) }
    move(sessions.hear(news, this.now)).catch(() => undefined)
    for (const [nas, at] of sessions.heard()) this.#heard.set(nas, at)
  }

  /** For people: what is known of a customer, and what is to be in force. */
  shown(customer: string): string {
    const { leases, parts } = this.#life
    return `${JSON.stringify(leases.current(customer))} wanted ${JSON.stringify(desiredState(parts, customer))}`
  }

  /** Whose Cordon is sure that an address is now. */
  sureOf(realm: string, address: string): string | undefined {
    const { sure, subscriber } = this.#life.leases.holder(realm, address, undefined)
    return sure === 'certain' ? subscriber : undefined
  }

  /** Staff decide, and it is on disk. */
  isolates(customer: string): void {
    this.#decisions.set(customer, {
      id: `d${++this.#orders}`,
      incident: 'i',
      subject: `line:${customer}`,
      kind: 'isolate',
      at: this.now,
      until: this.#settings.began + 30 * DAY,
      by: 'staff',
    })
    this.#follow(customer)
  }

  releases(customer: string): void {
    this.#decisions.delete(customer)
    this.#follow(customer)
  }

  compare(): void {
    this.#follow()
  }

  /** What waited at nft and at the access server is done, or not, and nobody hears the answer. */
  kill(isDone: () => boolean): void {
    this.#life.isOver = true
    for (const call of this.router.calls.splice(0)) if (isDone()) call.go()
    for (const request of this.requests.splice(0)) if (isDone()) request.take()
    this.#life = this.#begin()
    this.#follow()
  }

  /** All that waits is let go, one after the other. */
  async quiet(): Promise<void> {
    for (let idle = 0; idle < 3; ) {
      await settled()
      const call = this.router.calls.shift() ?? this.requests.shift()
      call?.go()
      idle = call ? 0 : idle + 1
    }
  }

  #follow(customer?: string): void {
    const { parts, under } = this.#life
    const work = reconcile(parts, customer).finally(() => under.delete(work))
    under.add(work)
  }

  #begin(): Life {
    const { customers, clients, coa, file } = this.#settings
    const now = () => this.now
    const leases = memoryLeases(this.#rows.values(), 0, now)
    const ids = new Set(customers.map(({ id }) => id))
    const sessions = new AccountingSessions({
      interim: 10 * MINUTE,
      knownBy: 'user-name',
      subscriberOf: name => (ids.has(name) ? name : undefined),
      anewOf: nas => this.#anew.get(nas),
      noteAnew: (nas, at) => void this.#anew.set(nas, at),
      ...lookupsOf(leases),
    })
    sessions.restore(leases.all(), this.now, nas => this.#heard.get(nas))
    const life: Life = {
      isOver: false,
      leases,
      sessions,
      known: new Map(),
      clocks: tellerClocks(() => undefined, now, {
        of: (_, nas) => this.#clocks.get(nas),
        note: (_, nas, known) => void this.#clocks.set(nas, known),
      }),
      clients: radiusClients(
        clients.map(one => ({ ...one, secret: 'secret' })),
        'main',
        firstTellers(leases.all()),
      ),
      under: new Set(),
      parts: {
        cases: { inForce: subject => this.#decisionsOf(subject.slice('line:'.length)) },
        leases,
        subscribers: memorySubscribers(customers),
        drivers: [
          nftables(
            {
              name: 'r',
              command: [],
              realm: 'main',
              prefixLengths4: [32],
              prefixLengths6: [48, 56],
            },
            now,
            (args, script) =>
              life.isOver ? new Promise(() => undefined) : this.router.nft(args, script),
          ),
          radiusCoa(
            {
              name: 'coa',
              realm: coa.realm,
              servers: [{ nas: coa.nas, address: '127.0.0.1', port: 3799, secret: 'secret' }],
              perSecond: 1000,
              disconnect: [],
              identify: ['nas', 'session', 'user', 'address', 'time'],
              messageAuthenticator: true,
              ...this.coa.templates,
            },
            file,
            now,
            this.#client(),
          ),
        ],
        turns: new Map(),
        reporter: { note: () => undefined },
        now,
        trouble: () => undefined,
      },
      move: leaseMover({
        leases,
        leaseRows: {
          putLeases: async all => {
            if (life.isOver) return
            for (const one of all)
              this.#rows.set([one.realm, one.prefix, one.subscriber, one.from].join(' '), one)
          },
        },
        reporter: { note: () => undefined },
        reconcile: subscriber => this.#follow(subscriber),
        now,
      }),
    }
    return life
  }

  #decisionsOf(customer: string): Decision[] {
    const one = this.#decisions.get(customer)
    return one ? [one] : []
  }

  #client(): CoaClient {
    return {
      ask: (_server, _code, attributes) =>
        new Promise(resolve =>
          this.requests.push({
            go: () => resolve(this.coa.change(attributes)),
            take: () => void this.coa.change(attributes),
          }),
        ),
      close: () => undefined,
    }
  }
}
