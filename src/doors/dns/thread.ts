// The thread that answers for the list: what strangers ask costs the engine's thread nothing. It looks up in memory that the engine's
// thread writes, and is told where that stands when it moves.

import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { randomInt } from 'node:crypto'
import { wordsOf } from '../../model/errors.ts'
import type { ListImage } from '../../model/list-image.ts'
import { Answering, type AnsweringSettings } from './answering.ts'
import { type DnsPlace, serve } from './serving.ts'

export type DnsStart = {
  readonly place: DnsPlace
  readonly settings: AnsweringSettings
  readonly image: ListImage
  /** One word for each of `RESULTS`. */
  readonly counts: SharedArrayBuffer
}
export type ToDnsThread = { readonly image: ListImage } | 'close'
export type FromDnsThread =
  | { readonly port: number }
  | { readonly failed: DnsFailure }
  | { readonly trouble: string }
/** What an error of the system carries, which a message between threads loses. */
type DnsFailure = Pick<NodeJS.ErrnoException, 'message' | 'code' | 'syscall'> & {
  readonly address?: string
  readonly port?: number
}

const MAX_SALT = 2 ** 31

if (!isMainThread && parentPort) await begin(workerData as DnsStart, parentPort)

async function begin(
  { place, settings, image, counts }: DnsStart,
  main: NonNullable<typeof parentPort>,
): Promise<void> {
  const tell = (said: FromDnsThread) => main.postMessage(said)
  const given = { counts: new Uint32Array(counts), salt: randomInt(MAX_SALT) }
  const answering = new Answering(settings, image, given)
  try {
    const serving = await serve(place, answering, error => tell({ trouble: wordsOf(error) }))
    main.on('message', (said: ToDnsThread) => {
      if (said !== 'close') return answering.replace(said.image)
      void serving.close().then(() => main.close())
      return undefined
    })
    tell({ port: serving.port })
  } catch (error) {
    const { message, code, syscall, address, port } = error as Error & DnsFailure
    const system = { code, syscall, address, port }
    const known = Object.entries(system).filter(([, value]) => value !== undefined)
    tell({ failed: { message, ...Object.fromEntries(known) } })
  }
}
