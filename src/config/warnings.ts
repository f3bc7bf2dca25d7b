// What can be used and may not be meant: said at the start and by `cordon config check`, a line each.

import { unknownForwards } from './cross-checks/forwarded-mailboxes.ts'
import { noRouter } from './no-router.ts'
import type { Config } from './schema.ts'

export function warnings(config: Config): readonly string[] {
  const router = noRouter(config)
  return [...(router === undefined ? [] : [router]), ...unknownForwards(config)]
}
