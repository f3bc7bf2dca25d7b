// Live keys of the configuration about taking mail and handing it on: for each another value, and what the server then does.

import assert from 'node:assert/strict'
import { eventually } from './serve.ts'
import { certificateIn, ehloOf, greeted, rcpts, shownCertificate, submits } from './reload-scene.ts'
import { arrives, codesOf, fresh, type LiveKeys, type LiveWorld } from './live-world.ts'
import { slowExchanger } from './reload-peers.ts'

export const mailKeys = (world: LiveWorld) =>
  ({
    maxMessageSize: {
      next: () => 12_345,
      look: async () => /SIZE (\d+)/.exec(await ehloOf(world.scene.inbound))?.[1],
      before: '50000000',
      after: '12345',
    },
    maxRecipients: {
      next: () => 1,
      look: () => codesOf(world, 'sink@isp.example', 'anna@isp.example'),
      before: ['250', '250'],
      after: ['250', '452'],
    },
    connections: {
      next: () => ({ perAddress: 1 }),
      look: async () => {
        // Sessions that were left are noticed a moment later.
        const first = await eventually(() => greeted(world.scene.inbound).catch(() => undefined))
        const second = await greeted(world.scene.inbound).catch(() => undefined)
        for (const one of [first, second]) one?.end()
        return second !== undefined
      },
      before: true,
      after: false,
    },
    certificate: {
      next: () => certificateIn(world.scene.folder, 'other.isp.example'),
      look: () => shownCertificate(world.scene.submission, 'mail.isp.example'),
      before: 'mail.isp.example',
      after: 'other.isp.example',
    },
    certificates: {
      next: async () => [await certificateIn(world.scene.folder, 'further.isp.example')],
      look: () => shownCertificate(world.scene.submission, 'further.isp.example'),
      before: 'mail.isp.example',
      after: 'further.isp.example',
    },
    routes: {
      next: () => ({ '*': { host: '127.0.0.1', port: world.south.port } }),
      look: () => arrives(world, fresh('routed')),
      before: 'north',
      after: 'south',
    },
    mailboxStore: {
      next: () => ({ host: '127.0.0.1', port: world.south.port }),
      look: async () => {
        const taken = world.south.taken().length
        const done = world.scene.events.length
        await submits(world.scene.submission, world.me, ['sink@isp.example'])
        await eventually(() =>
          world.scene.events.slice(done).find(({ kind }) => kind === 'delivery-done'),
        )
        return world.south.taken().length > taken
      },
      before: false,
      after: true,
    },
    delivery: {
      next: () => ({ atOnce: 1 }),
      look: () => atOnce(world),
      before: true,
      after: false,
    },
    forwards: {
      next: () => ({ 'away@isp.example': ['friend@meadow.example'] }),
      look: async () => {
        const [code] = await codesOf(world, 'away@isp.example')
        if (code !== '250') return code
        const session = await greeted(world.scene.inbound)
        const taken = world.north.taken().length ?? 0
        for (const line of ['MAIL FROM:<a@meadow.example>', 'RCPT TO:<away@isp.example>', 'DATA'])
          await session.say(`${line}\r\n`)
        await session.say('Subject: x\r\n\r\nhello\r\n.\r\n')
        session.end()
        return eventually(() => (world.north.taken().length > taken ? 'north' : undefined))
      },
      before: '550',
      after: 'north',
    },
    mailboxes: {
      next: () => ['sink@isp.example', 'desk@isp.example'],
      look: () => codesOf(world, 'desk@isp.example'),
      before: ['550'],
      after: ['250'],
    },
    traps: {
      next: () => ['never@isp.example', 'never@meadow.example'],
      look: async () => {
        const codes = await codesOf(world, 'never@isp.example')
        const done = world.scene.events.length
        await submits(world.scene.submission, world.me, ['never@meadow.example'])
        await world.scene.cordon.engine.idle()
        const cells = world.scene.events.slice(done).map(one => ('cell' in one ? one.cell : ''))
        return [...codes, cells.some(cell => cell.startsWith('message/trap'))]
      },
      before: ['550', false],
      after: ['250', true],
    },
    feedback: {
      next: () => ({ reference: false }),
      look: async () => {
        const before = new Set(world.north.taken())
        await submits(world.scene.submission, world.me, ['x@meadow.example'])
        const arrived = await eventually(() =>
          world.north.taken().find(one => !before.has(one) && one.includes('\n\n')),
        )
        return arrived.includes('X-Cordon-Ref: v1.')
      },
      before: true,
      after: false,
    },
    quotaStatus: {
      next: () => ({ port: world.mailboxFull }),
      look: () => rcpts(world.scene.inbound, ['anna@isp.example'], '198.51.100.7'),
      before: ['250'],
      after: ['552'],
    },
  }) as const satisfies LiveKeys

/** Does a message to four destinations open several connections at once? */
async function atOnce({ scene, base, current, me }: LiveWorld): Promise<boolean> {
  const exchanger = await slowExchanger()
  const names = ['a', 'b', 'c', 'd'].map(name => `${name}.meadow.example`)
  const routes = Object.fromEntries(
    names.map((name, i) => [name, { host: `127.0.0.${i + 1}`, port: exchanger.port }]),
  )
  await scene.reload({ ...base, ...current, routes })
  const to = names.map(name => `x@${name}`)
  assert.match(await submits(scene.submission, me, to), /^250/)
  await eventually(() => (exchanger.seen() === 4 ? true : undefined))
  exchanger.close()
  return exchanger.most() > 1
}
