// Work that must be done in order for each subject, and need not wait for other subjects. Urgent work (a message, whose
// sender waits for the 250) goes before reports of sensors, and reports go a few at a time, with a turn of the loop in between, so
// that a flood of reports delays no message.

export type Lanes = {
  /** Done when nothing before it is left for any of its subjects; resolves with its end. */
  run(
    job: { readonly subjects: readonly string[]; readonly urgent: boolean },
    work: Work,
  ): Promise<void>
  /** Reports that wait for this subject. */
  waiting(subject: string): number
  /** Resolves when all that was begun so far is done. */
  readonly idle: () => Promise<void>
}

type Work = () => Promise<void>
type Job = {
  readonly subjects: readonly string[]
  readonly urgent: boolean
  readonly work: () => void
  /** Among those that wait for a turn. */
  ready: boolean
}
type Lane = { running: Job | undefined; readonly urgent: Job[]; readonly reports: Job[] }

/** Reports under way: enough for a store that takes a millisecond, and as much as a message ever has before it. */
const REPORTS_AT_ONCE = 8

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  const under = new Set<Promise<void>>()
  /** Reports that were first in all their lanes, and had no room. */
  const ready: Job[] = []
  let reporting = 0
  let turnComes = false

  const laneOf = (subject: string): Lane => {
    let lane = lanes.get(subject)
    if (!lane) lanes.set(subject, (lane = { running: undefined, urgent: [], reports: [] }))
    return lane
  }
  const isFirst = (job: Job) =>
    job.subjects.every(subject => {
      const lane = laneOf(subject)
      return lane.running === undefined && first(lane) === job
    })

  function start(job: Job): void {
    for (const subject of job.subjects) {
      const lane = laneOf(subject)
      queueOf(lane, job).shift()
      lane.running = job
    }
    if (!job.urgent) reporting++
    job.work()
  }

  function queueUp(job: Job): void {
    if (!job.ready) ready.push(job)
    job.ready = true
    if (turnComes) return
    turnComes = true
    setImmediate(takeTurn)
  }

  function takeTurn(): void {
    turnComes = false
    for (let job = ready[0]; job && reporting < REPORTS_AT_ONCE; job = ready[0]) {
      ready.shift()
      job.ready = false
      // Urgent work may have come before it.
      if (isFirst(job)) start(job)
    }
  }

  function ended(job: Job): void {
    if (!job.urgent) reporting--
    for (const subject of job.subjects) laneOf(subject).running = undefined
    for (const subject of job.subjects) {
      const lane = laneOf(subject)
      const next = first(lane)
      if (!next) lanes.delete(subject)
      else if (next.urgent) {
        if (isFirst(next)) start(next)
      } else if (isFirst(next)) queueUp(next)
    }
    if (ready[0]) queueUp(ready[0])
  }

  return {
    run: ({ subjects, urgent }, work) => {
      const done = new Promise<void>((resolve, reject) => {
        const job: Job = {
          subjects,
          urgent,
          ready: false,
          work: () =>
            void work().then(
              () => (ended(job), resolve()),
              error => (ended(job), reject(error)),
            ),
        }
        for (const subject of subjects) queueOf(laneOf(subject), job).push(job)
        if (!isFirst(job)) return
        if (urgent || (reporting < REPORTS_AT_ONCE && ready.length === 0)) start(job)
        else queueUp(job)
      })
      const tracked = done.then(NOTHING, NOTHING).finally(() => under.delete(tracked))
      under.add(tracked)
      return done
    },
    waiting: subject => lanes.get(subject)?.reports.length ?? 0,
    idle: async () => void (await Promise.all(under)),
  }
}

const NOTHING = () => undefined
const first = (lane: Lane): Job | undefined => lane.urgent[0] ?? lane.reports[0]
const queueOf = (lane: Lane, { urgent }: Job): Job[] => (urgent ? lane.urgent : lane.reports)
