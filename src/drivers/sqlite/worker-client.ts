// Asks a worker thread that has a database, and keeps one there: a thread that ends is followed by another. What it was asked and had
// not answered is refused, and so is what comes until the next one is open; nothing is asked twice by itself, and no caller is ever told
// that something is kept by a store that is not there.

import { StoreUnavailable } from '../../model/errors.ts'
import type { WorkerStart } from './asked.ts'
import { type FileCheck, sameFile } from './same-file.ts'
import { FileGone, NotOpened, openThread, type WorkerThread } from './worker-thread.ts'

export type WorkerClient<C, A> = {
  ask(call: C, transfer?: readonly ArrayBuffer[]): Promise<A>
  close(): Promise<void>
}

/** The code that hears of a store that has troubles. */
export type StoreHearers = {
  readonly trouble: (error: unknown, about: string) => void
  /**
   * It could not be mended for GIVE_UP, and no full disk is to blame; or its file was removed or replaced: the process should end, so that
   * an operator looks.
   */
  readonly broken: (error: Error) => void
}

export type WorkerOptions = StoreHearers & {
  readonly file: URL
  /** What the thread is given, anew for each. */
  readonly start: () => WorkerStart
  /** Calls after so many ms, and returns what takes that back. */
  readonly after?: (ms: number, call: () => unknown) => () => void
  readonly now?: () => number
}

/** Between the end of a thread and the next try, doubled each time. */
const FIRST_WAIT = 100
const LONGEST_WAIT = 5000
/** One that lasted so long was well: the next trouble is a new one. */
const STEADY = 60_000
/** Ended for good after this. */
export const GIVE_UP = 5 * 60_000

/** Rejects when the first thread cannot open its database, and leaves nothing behind. */
export async function startWorker<C, A>(options: WorkerOptions): Promise<WorkerClient<C, A>> {
  const { file, start, trouble, broken, after = timer, now = Date.now } = options
  let thread: WorkerThread<C, A> | undefined
  let opening: Promise<void> | undefined
  let takeBack: () => void = () => undefined
  let closed = false
  let wait = FIRST_WAIT
  /** When the trouble began that has not ended yet. */
  let since: number | undefined
  let why = ''

  const keep = (opened: WorkerThread<C, A>) => {
    const at = now()
    thread = opened
    void opened.ended.then(error => {
      thread = undefined
      if (closed) return
      if (now() - at > STEADY) {
        wait = FIRST_WAIT
        since = undefined
      }
      again(error)
    })
  }
  const again = (error: Error) => {
    why = error.message
    if (error instanceof FileGone) return broken(error)
    trouble(error, 'a store is opened again')
    since ??= now()
    const passes = error instanceof NotOpened && error.mayPass
    if (!passes && now() - since >= GIVE_UP) return broken(error)
    takeBack = after(wait, () => (opening = reopen()))
    wait = Math.min(LONGEST_WAIT, wait * 2)
  }
  const reopen = async () => {
    const gone = look?.()
    if (gone !== undefined) return again(new FileGone(gone))
    try {
      keep(await openThread<C, A>(file, start()))
    } catch (error) {
      if (!closed) again(error as Error)
    }
  }
  keep(await openThread<C, A>(file, start()))
  const { path, watched } = start()
  // Not at its log: a thread that ends may have folded it in and removed it.
  const look: FileCheck | undefined = watched && sameFile(path, watched)
  return {
    ask: (call, transfer = []) =>
      thread
        ? thread.ask(call, transfer)
        : Promise.reject(new StoreUnavailable(closed ? `${start().path} is closed` : why)),
    close: async () => {
      closed = true
      takeBack()
      await opening
      await thread?.close()
    },
  }
}

function timer(ms: number, call: () => unknown): () => void {
  const set = setTimeout(call, ms)
  return () => clearTimeout(set)
}
