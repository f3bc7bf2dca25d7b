// Live keys of the configuration about customers, and about what is asked of mail: for each another value, and what the server then does.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../src/config/schema.ts'
import { eventually } from './serve.ts'
import { countries, greeted, loggedIn, rcpts, submits } from './reload-scene.ts'
import {
  arrives,
  codesOf,
  fresh,
  hash,
  type Live,
  type LiveKeys,
  type LiveWorld,
} from './live-world.ts'

const STRANGER = '198.51.100.7'

const attached = `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name="a.foo"\r\nContent-Disposition: attachment; filename="a.foo"\r\n\r\nx\r\n`

/** A zone where it is another day of the calendar than in UTC. */
const elsewhere = new Date().getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Etc/GMT+12'

export const policyKeys = (world: LiveWorld) =>
  ({
    subscribers: {
      next: async () => [
        ...(world.base['subscribers'] as object[]),
        { id: '3', logins: [{ name: 'cleo@isp.example', passwordHash: await hash('cleo') }] },
      ],
      look: async () => {
        const session = await loggedIn(world.scene.submission, 'cleo@isp.example')
        session.end()
        return [session.code, ...(await codesOf(world, 'cleo@isp.example'))]
      },
      before: ['535', '550'],
      after: ['235', '250'],
    },
    leases: {
      next: () => [{ prefix: '203.0.113.9', subscriber: '1' }],
      look: async () =>
        (await world.scene.ask<{ subscriber?: string }>('/api/v1/who?address=203.0.113.9'))
          .subscriber,
      before: undefined,
      after: '1',
    },
    passwords: {
      given: () => ({
        subscribers: [
          { id: '1', logins: [{ name: 'anna@isp.example' }, { name: 'dora@isp.example' }] },
        ],
      }),
      next: async () => {
        const file = join(world.scene.folder, 'passwords')
        writeFileSync(file, `dora@isp.example:${await hash('dora')}\n`)
        return { file, scram: false }
      },
      look: async () => {
        const session = await loggedIn(world.scene.submission, 'dora@isp.example')
        session.end()
        return session.code
      },
      before: '535',
      after: '235',
    },
    rules: {
      next: () => ({ 'recipient-exists': 'off' }),
      look: () => codesOf(world, 'nobody@isp.example'),
      before: ['550'],
      after: ['250'],
    },
    limits: {
      next: () => ({ consumer: { messagesPerHour: 1 } }),
      look: async () => {
        for (const to of ['x@meadow.example', 'y@meadow.example'])
          await submits(world.scene.submission, world.me, [to])
        return held(world)
      },
      before: false,
      after: true,
    },
    access: {
      next: () => ({
        entries: [{ match: { sender: ['friend@meadow.example'] }, action: 'reject' }],
      }),
      look: () => codesOf(world, 'sink@isp.example'),
      before: ['250'],
      after: ['550'],
    },
    strangers: {
      given: () => ({ rules: { greylist: 'enforce' } }),
      next: () => ({ greylist: { delay: '0s' } }),
      look: async () => {
        const twice = [await rcpts(world.scene.inbound, ['sink@isp.example'], STRANGER)]
        twice.push(await rcpts(world.scene.inbound, ['sink@isp.example'], STRANGER))
        return twice[1]
      },
      before: ['450'],
      after: ['250'],
    },
    attachments: {
      given: () => ({ rules: { attachment: 'enforce' } }),
      next: () => ({ rejected: ['foo'] }),
      look: async () =>
        (await submits(world.scene.submission, world.me, ['x@meadow.example'], attached)).slice(
          0,
          3,
        ),
      before: '250',
      after: '554',
    },
    quotas: {
      next: () => [{ name: 'none', per: ['login'], limit: 1, in: '1h', over: 'reject' }],
      look: () => twoReplies(world),
      before: ['250', '250'],
      after: ['250', '550'],
    },
    timeZone: {
      given: () => ({
        quotas: [{ name: 'daily', per: ['login'], limit: 1, in: 'day', over: 'reject' }],
      }),
      next: () => elsewhere,
      // It is another day there, and one more is let in.
      look: () => twoReplies(world),
      before: ['250', '550'],
      after: ['250', '550'],
    },
    geo: {
      given: async () => ({
        access: { entries: [{ match: { country: ['xy'] }, action: 'reject' }] },
        geo: { country: await countries(world.scene.folder, '203.0.113.0/24') },
      }),
      next: async () => ({ country: await countries(world.scene.folder, '198.51.100.0/24') }),
      look: () => rcpts(world.scene.inbound, ['sink@isp.example'], STRANGER),
      before: ['250'],
      after: ['550'],
    },
    optOut: {
      next: () => ({ hook: { url: world.hook.url, secret: 'sixteen letters or more' } }),
      look: async changed => {
        const before = world.hook.seen.length
        const order = { kind: 'end-opt-out', id: String(changed) } as const
        const actor = { kind: 'staff', name: 'the test' } as const
        const { done, text } = await world.scene.cordon.engine.command({
          order,
          actor,
          at: Date.now(),
        })
        assert.ok(done, text)
        if (changed) await eventually(() => (world.hook.seen.length > before ? true : undefined))
        return world.hook.seen.length > before
      },
      before: false,
      after: true,
    },
    rollout: {
      next: () => ({
        parts: [{ name: 'north', prefixes: ['203.0.113.0/25'], date: '2026-12-15' }],
      }),
      look: async () => (await world.scene.ask<unknown[]>('/api/v1/rollouts')).length,
      before: 0,
      after: 1,
    },
  }) as const satisfies LiveKeys

/** Parts of a section that another part of the server reads. */
export const moreKeys = (world: LiveWorld): readonly (readonly [keyof Config, Live])[] => [
  [
    'passwords',
    {
      next: () => ({ scram: true }),
      look: async () => {
        const session = await greeted(world.scene.submission)
        await session.say('STARTTLS\r\n')
        await session.secure()
        const offered = await session.say('EHLO home.example\r\n')
        session.end()
        return offered.includes('SCRAM-SHA-256')
      },
      before: false,
      after: true,
    },
  ],
  [
    'rules',
    {
      // Delivery reads it as well: senders of our mail bear a tag.
      next: () => ({ 'bounce-control': 'observe' }),
      look: async () => {
        const subject = fresh('tagged')
        await arrives(world, subject)
        const mail = world.north.taken().find(one => one.includes(`: ${subject}\n`))
        return /prvs=/.test(mail ?? '')
      },
      before: false,
      after: true,
    },
  ],
]

async function twoReplies({ scene, me }: LiveWorld): Promise<string[]> {
  const replies: string[] = []
  for (const to of ['x@meadow.example', 'y@meadow.example'])
    replies.push((await submits(scene.submission, me, [to])).slice(0, 3))
  return replies
}

const held = async ({ scene, me }: LiveWorld) =>
  (await scene.ask<{ rows: unknown[] }>(`/api/v1/queue?state=held&login=${me}`)).rows.length > 0
