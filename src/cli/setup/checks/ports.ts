// Whether the ports that the configuration names are free, and which program has one that is not: from /proc, as `ss -ltnp` does.

import type { Config } from '../../../config/schema.ts'
import type { Check } from '../../check.ts'
import { type Machine, tryRead } from '../machine.ts'

type Wanted = { readonly what: string; readonly address: string; readonly port: number }
type Listening = { readonly address: string; readonly port: number; readonly inode: string }

export function portsChecked(config: Config, machine: Machine): readonly Check[] {
  const all = listening(machine)
  if (all === undefined)
    return [{ what: 'ports', state: 'unknown', said: '/proc/net/tcp cannot be read' }]
  return wantedBy(config).map(one => {
    const what = `port ${one.port} (${one.what})`
    const taken = all.find(other => other.port === one.port && overlap(one.address, other.address))
    if (taken === undefined) return { what, state: 'good', said: 'is free' }
    const program = programOf(taken.inode, machine)
    // A socket unit of ours.
    if (program === 'systemd') return { what, state: 'good', said: 'systemd holds it for Cordon' }
    const by = program === undefined ? 'a program that only root sees' : program
    return {
      what,
      state: 'missing',
      said: `is taken by ${by}`,
      write: `stop that program, or write another port for ${one.what}`,
      must: true,
    }
  })
}

/** Unix sockets are none, nor is port 0. */
function wantedBy({ listeners, milter, policyService, http }: Config): readonly Wanted[] {
  const all = [
    ...listeners.map(one => ({ ...one, what: `listeners: ${one.kind}` })),
    ...(milter && milter.socket === undefined ? [{ ...milter, what: 'milter' }] : []),
    ...(policyService && policyService.socket === undefined
      ? [{ ...policyService, what: 'policyService' }]
      : []),
    ...(http.console.on ? [{ ...http.console, what: 'http.console' }] : []),
    ...(http.portal.on ? [{ ...http.portal, what: 'http.portal' }] : []),
  ]
  return all.filter(({ port }) => port !== 0)
}

const ANY = ['0.0.0.0', '::']
const overlap = (one: string, other: string): boolean =>
  one === other || ANY.includes(one) || ANY.includes(other)

const LISTEN = '0A'

function listening(machine: Machine): readonly Listening[] | undefined {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(path => tryRead(() => machine.read(path)))
  const texts = tables.flatMap(one => (one && 'is' in one ? [one.is] : []))
  if (texts.length === 0) return undefined
  return texts.flatMap(text =>
    text.split('\n').flatMap(line => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [hex = '', port = ''] = local.split(':')
      return state === LISTEN ? [{ address: addressOf(hex), port: parseInt(port, 16), inode }] : []
    }),
  )
}

/** Only what a port may be held on here: loopback, all addresses, or another one as it is written. */
function addressOf(hex: string): string {
  if (/^0+$/.test(hex)) return hex.length === 8 ? '0.0.0.0' : '::'
  if (hex === '00000000000000000000000001000000') return '::1'
  const bytes = hex.slice(-8).match(/../g) ?? []
  return bytes
    .map(byte => parseInt(byte, 16))
    .reverse()
    .join('.')
}

function programOf(inode: string, machine: Machine): string | undefined {
  const processes = tryRead(() => machine.list('/proc'))
  if (processes === undefined || 'why' in processes) return undefined
  for (const pid of processes.is.filter(name => /^\d+$/.test(name))) {
    const files = tryRead(() => machine.list(`/proc/${pid}/fd`))
    if (files === undefined || 'why' in files) continue
    const isIts = files.is.some(file => {
      const to = tryRead(() => machine.link(`/proc/${pid}/fd/${file}`))
      return to && 'is' in to && to.is === `socket:[${inode}]`
    })
    if (!isIts) continue
    const name = tryRead(() => machine.read(`/proc/${pid}/comm`))
    return name && 'is' in name ? name.is.trim() : `process ${pid}`
  }
  return undefined
}
