// What can be used and may not be meant: said at the start and by `cordon config check`, a line each.

import { unknownForwards } from './cross-checks/forwarded-mailboxes.ts'
import { lettersNowhere } from './letters-nowhere.ts'
import { noRouter } from './no-router.ts'
import { doubtfulReports } from './reports-to.ts'
import type { Config } from './schema.ts'
import { DOORS } from './way-in.ts'
import { writtenIn } from './written.ts'

export function warnings(config: Config): readonly string[] {
  const router = noRouter(config)
  const nowhere = lettersNowhere(config)
  return [
    ...(router === undefined ? [] : [router]),
    ...(nowhere === undefined ? [] : [nowhere]),
    ...unknownForwards(config),
    ...(isDoorless(config) ? [DOORLESS] : []),
    ...domainsTwice(config),
    ...doubtfulReports(config),
  ]
}

const DOORLESS =
  'domains: there are some, and no listener, policyService or milter that mail for them could come in by; is the file whole?'

function isDoorless(config: Config): boolean {
  const written = new Set(writtenIn(config)?.map(({ key }) => key))
  return config.domains.length > 0 && !DOORS.some(key => written.has(key))
}

/** It does no harm, so nothing is refused for it. */
const domainsTwice = ({ domains }: Config): readonly string[] =>
  domains.flatMap((one, i) =>
    domains.indexOf(one) < i ? [`domains #${i + 1}: ${one} is written twice`] : [],
  )
