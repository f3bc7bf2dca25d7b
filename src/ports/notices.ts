// Which letters about cases were written, and to which customers.

export type NoticeRow = {
  readonly id: string
  readonly incident: string
  readonly subscriber: string
  readonly at: number
  readonly notice: string
  readonly to: string
}

export interface Notices {
  /** Those of one case, in the order in which they were written. */
  notices(incident: string): Promise<readonly NoticeRow[]>
  /** All of them or none; resolves when they are on disk. One that changes its case is saved with that (`ports/cases.ts`). */
  addNotices(notices: readonly NoticeRow[]): Promise<void>
}
