// A way to the operator: a mail address, a webhook, a command.

import type { AlarmBatch } from '../model/alarm.ts'

export interface AlarmChannel {
  /** Its place is kept under this name: a channel of a new name begins with what is raised from then on. */
  readonly name: string
  /** It can be told while the stores refuse: nothing of it is kept on this disk. */
  readonly withoutStores: boolean
  /** Resolves when the other side has it. Told twice with one id, it is there once, or with that id. Rejects with why not, and soon when `stopping` is aborted. */
  tell(batch: AlarmBatch, stopping: AbortSignal): Promise<void>
}
