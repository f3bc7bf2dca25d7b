// Starts the thread that answers for the list, and keeps it running: one that ends is followed by another on the same port.

import { Worker } from 'node:worker_threads'
import type { Listed } from '../../ports/listed.ts'
import type { Counted } from '../../wire/sensor.ts'
import { type AnsweringSettings, RESULTS } from './answering.ts'
import type { DnsPlace } from './serving.ts'
import type { DnsStart, FromDnsThread, ToDnsThread } from './thread.ts'

export type DnsServer = { readonly port: number; readonly counted: Counted; close(): Promise<void> }

export type DnsServerNeeds = {
  readonly place: DnsPlace
  readonly settings: AnsweringSettings
  readonly listed: Listed
  readonly trouble: (error: unknown, about: string) => void
}

const FILE = new URL('./thread.ts', import.meta.url)
const ABOUT = 'the list over the DNS'
/** Before a thread that ended is followed by another, in ms: one that ends at once must not burn the machine. */
const AGAIN_AFTER = 1000

export async function openDnsServer(needs: DnsServerNeeds): Promise<DnsServer> {
  const { place, settings, listed, trouble } = needs
  const counts = new SharedArrayBuffer(RESULTS.length * 4)
  let running: Worker | undefined
  let again: NodeJS.Timeout | undefined
  let isClosing = false
  const start = async (port: number): Promise<number> => {
    const image = listed.image()
    const data: DnsStart = { place: { ...place, port }, settings, image, counts }
    const worker = new Worker(FILE, { workerData: data })
    const got = await begun(worker, trouble)
    running = worker
    // What moved while it began.
    worker.postMessage({ image: listed.image() } satisfies ToDnsThread)
    worker.once('exit', () => {
      running = undefined
      if (isClosing) return
      trouble(new Error('the thread ended; another follows'), ABOUT)
      follow(got)
    })
    return got
  }
  const follow = (port: number) => {
    again = setTimeout(() => {
      start(port).catch(error => {
        trouble(error, ABOUT)
        if (!isClosing) follow(port)
      })
    }, AGAIN_AFTER)
  }
  const stopHearing = listed.onReplaced(image =>
    running?.postMessage({ image } satisfies ToDnsThread),
  )
  const port = await start(place.port).catch(error => {
    stopHearing()
    throw error
  })
  return {
    port,
    counted: countedIn(new Uint32Array(counts)),
    close: async () => {
      isClosing = true
      clearTimeout(again)
      stopHearing()
      const worker = running
      if (!worker) return
      const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
      worker.postMessage('close' satisfies ToDnsThread)
      await exited
    },
  }
}

/** Read when the metrics are asked for. */
const countedIn = (counts: Uint32Array): Counted => ({
  metric: 'list_questions',
  help: 'Questions to the list over the DNS, by result',
  by: 'result',
  get counts() {
    return Object.fromEntries(RESULTS.map((name, i) => [name, counts[i] ?? 0]))
  },
})

/** Resolves with its port when it listens. */
function begun(worker: Worker, trouble: DnsServerNeeds['trouble']): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.on('error', error => {
      trouble(error, ABOUT)
      reject(error)
    })
    worker.once('exit', () => reject(new Error('the thread ended before it listened')))
    worker.on('message', (said: FromDnsThread) => {
      if ('port' in said) resolve(said.port)
      else if ('trouble' in said) trouble(said.trouble, ABOUT)
      else {
        const { message, ...system } = said.failed
        reject(Object.assign(new Error(message), system))
        void worker.terminate()
      }
    })
  })
}
