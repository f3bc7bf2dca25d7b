// A webhook receiver of an operator's, which may be slow, broken or away, and remembers what it was told.

import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { AlarmBatch } from '../../src/model/alarm.ts'

export type ReceivedBatch = AlarmBatch & {
  readonly signature: string
  /** `Idempotency-Key`. */
  readonly key: string
  readonly body: string
}

export type AlarmReceiver = {
  readonly port: number
  /** Everything that was posted, also what was not answered. */
  readonly posted: readonly ReceivedBatch[]
  /** What it answers from now on: a status, or nothing at all. */
  answers(how: number | 'nothing'): void
  goesAway(): Promise<void>
  comesBack(): Promise<void>
}

export async function alarmReceiver(t: TestContext): Promise<AlarmReceiver> {
  const posted: ReceivedBatch[] = []
  let how: number | 'nothing' = 204
  let server: Server | undefined
  let port = 0
  const goesAway = async () => {
    server?.closeAllConnections()
    if (server?.listening) await new Promise(resolve => server?.close(resolve))
  }
  const comesBack = async () => {
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', chunk => (body += chunk))
      request.on('end', () => {
        const { 'cordon-signature': signature, 'idempotency-key': key } = request.headers
        const batch = JSON.parse(body) as AlarmBatch
        posted.push({ ...batch, signature: String(signature), key: String(key), body })
        if (how !== 'nothing') answer(response, how)
      })
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    const bound = server.address()
    port = typeof bound === 'object' ? (bound?.port ?? 0) : 0
  }
  await comesBack()
  t.after(goesAway)
  return { port, posted, answers: next => void (how = next), goesAway, comesBack }
}

/** A redirect leads somewhere, too. */
const answer = (response: ServerResponse, status: number) =>
  response.writeHead(status, { location: '/elsewhere' }).end()
