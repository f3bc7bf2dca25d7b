// Every spool there is, for what each of them must do.

import type { TestContext } from 'node:test'
import { slowSpool } from '../../src/drivers/slow/slow-stores.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { folderOf, owned } from './owned.ts'

export const SPOOLS: Readonly<Record<string, (t: TestContext) => Promise<Spool>>> = {
  direct: async () => directSpool(),
  slow: async () => slowSpool(directSpool()),
  sqlite: t => owned(t, openSpool({ folder: folderOf(t) })),
}
