// What can be used and may not be meant: said at the start and by `cordon config check`, a line each.

import { unknownForwards } from './cross-checks/forwarded-mailboxes.ts'
import { lettersNowhere } from './letters-nowhere.ts'
import { noRouter } from './no-router.ts'
import type { Config } from './schema.ts'

export function warnings(config: Config): readonly string[] {
  const router = noRouter(config)
  const nowhere = lettersNowhere(config)
  return [
    ...(router === undefined ? [] : [router]),
    ...(nowhere === undefined ? [] : [nowhere]),
    ...unknownForwards(config),
  ]
}
