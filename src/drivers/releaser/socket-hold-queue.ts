// Postfix's hold queue through the releaser that is shipped in etc/cordon-releaser: a connection for each call, orders a line each, answers
// in turn. The socket may be that of another machine (docs/integrate-postfix.md).

import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { SECOND } from '../../model/duration.ts'
import { isLongQueueId } from '../../model/long-queue-id.ts'
import { type HeldWhere, type HoldQueue, HoldQueueAway } from '../../ports/hold-queue.ts'

/** A releaser that says nothing for so long says nothing any more; one of Postfix's programs may take some seconds. */
const SILENT = 20 * SECOND
/** Names in a list: more are not held by us (src/engine/intake/elsewhere/held-elsewhere.ts has its bound), and are not read. */
const MAX_LISTED = 200_000
/** Longer than any answer. */
const MAX_LINE = 1000

export type ReleaserQueue = HoldQueue & {
  /** Of which Postfix it is; undefined of a releaser that does not know the question. */
  where(): Promise<HeldWhere | undefined>
}

export function socketHoldQueue(path: string, silent = SILENT): ReleaserQueue {
  const act = async (order: 'release' | 'delete', ids: readonly string[]) => {
    // What is no queue id names no message: the releaser would refuse it, too.
    const named = ids.filter(isLongQueueId)
    const done = new Set<string>()
    if (named.length === 0) return done
    const orders = named.map(id => `${order} ${id}\n`).join('')
    let at = 0
    await converse(path, { orders, silent }, line => {
      if (line.startsWith('failed')) throw new HoldQueueAway(`${path}: ${line}`)
      if (line === 'done') done.add(named[at] as string)
      else if (line !== 'gone') throw new HoldQueueAway(`${path}: ${line}`)
      return ++at === named.length
    })
    return done
  }
  return {
    list: async () => {
      const held = new Set<string>()
      await converse(path, { orders: 'list\n', silent }, line => {
        if (line === 'end') return true
        if (line.startsWith('failed') || held.size >= MAX_LISTED)
          throw new HoldQueueAway(`${path}: ${held.size >= MAX_LISTED ? 'too many' : line}`)
        held.add(line)
        return false
      })
      return held
    },
    where: async () => {
      let said = ''
      await converse(path, { orders: 'where\n', silent }, line => {
        said = line
        return true
      })
      if (said === 'refused') return undefined
      const [, hostname, queue] = /^of (\S+) (\/.*)$/.exec(said) ?? []
      if (hostname === undefined || queue === undefined) throw new HoldQueueAway(`${path}: ${said}`)
      return { hostname, queue }
    },
    release: ids => act('release', ids),
    remove: ids => act('delete', ids),
  }
}

type Talk = { readonly orders: string; readonly silent: number }

/** Until `hear` says that this was the last line. Rejects with HoldQueueAway. */
function converse(
  path: string,
  { orders, silent }: Talk,
  hear: (line: string) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    const fail = (why: string) => {
      reject(new HoldQueueAway(`${path}: ${why}`))
      socket.destroy()
    }
    let unended = 0
    socket.setTimeout(silent, () => fail('it does not answer'))
    socket.on('error', error => fail(error.message))
    socket.on('close', () => fail('it said less than was asked'))
    socket.on('data', (chunk: Buffer) => {
      const newline = chunk.lastIndexOf(10)
      unended = newline < 0 ? unended + chunk.length : chunk.length - newline
      if (unended > MAX_LINE) fail('it answers with what is no line')
    })
    let over = false
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
    // The line reader gets the socket's errors, too.
    lines.on('error', () => undefined)
    lines.on('line', line => {
      if (over) return
      try {
        over = hear(line)
        if (!over) return
        resolve()
      } catch (error) {
        over = true
        reject(error)
      }
      socket.destroy()
    })
    socket.write(orders)
  })
}
