// What Kea's hook run_script says in the environment, as leases. Pure but for its arguments.

import { formatPrefix, parsePrefix } from '../model/ip.ts'
import type { OrderOf } from '../orders/contract/orders.ts'
import { UsageError } from './failures.ts'
import { customersIn } from '../wire/customer-table.ts'

type KeaOrder = OrderOf<'open-lease'> | OrderOf<'close-lease'>
type Environment = Readonly<Record<string, string | undefined>>
type HookText = {
  /** Of the operator: its text, and what it is called. */
  readonly table: string
  readonly file: string
  readonly realm: string
  readonly now: number
}

/** Hexadecimal with or without 0x and colons, as one spelling. */
const hex = (text: string | undefined) =>
  (text ?? '').toLowerCase().replace(/^0x/, '').replaceAll(/[: ]/g, '')

/** Orders for what happened; none for leases of unknown customers. Throws for an event of another kind, and for half a table. */
export function keaLease(event: string, env: Environment, given: HookText): KeaOrder[] {
  const [, family, what] =
    /^leases?([46])_(committed|renew|rebind|release|expire|decline)$/.exec(event) ?? []
  if (family === undefined) throw new UsageError(`${event} is no event of a lease.`)
  const all =
    what === 'committed' ? numbered(env, `LEASES${family}_`) : [reader(env, `LEASE${family}_`)]
  const { rows: customers, wrong } = customersIn(given.table, given.file, hex)
  if (wrong !== undefined) throw new UsageError(wrong)
  const lines = [
    env['QUERY4_OPTION_82_SUB_OPTION_2'],
    env['QUERY4_OPTION_82_SUB_OPTION_1'],
    // RFC 4649 §3: a number of four bytes stands before the id.
    hex(env['QUERY6_REMOTE_ID'] ?? '').slice(8),
    env['QUERY6_INTERFACE_ID'],
  ]
  return all.flatMap((read): KeaOrder[] => {
    const bits = read('PREFIX_LEN')
    const prefix = parsePrefix(
      `${read('ADDRESS')}${read('TYPE') === 'IA_PD' && bits !== '' ? `/${bits}` : ''}`,
    )
    const keys = [...lines, read('CLIENT_ID'), read('DUID'), read('HWADDR')].map(hex)
    const subscriber = keys
      .filter(key => key !== '')
      .map(key => customers.get(key))
      .find(one => one !== undefined)
    if (!prefix || subscriber === undefined) return []
    const lease = { realm: given.realm, prefix: formatPrefix(prefix), subscriber, from: given.now }
    return [
      what === 'committed' || what === 'renew' || what === 'rebind'
        ? { kind: 'open-lease', lease }
        : { kind: 'close-lease', lease },
    ]
  })
}

type Read = (field: string) => string
const reader =
  (env: Environment, before: string): Read =>
  field =>
    env[`${before}${field}`] ?? ''

/** LEASES4_SIZE of them: LEASES4_AT0_ADDRESS, … */
function numbered(env: Environment, before: string): Read[] {
  const size = Math.min(100, Number(env[`${before}SIZE`] ?? 0))
  return Array.from({ length: Number.isInteger(size) ? size : 0 }, (_, i) =>
    reader(env, `${before}AT${i}_`),
  )
}
