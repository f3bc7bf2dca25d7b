// The list that others ask follows every decision about a line.

import { isLine, subjectName } from '../../model/evidence.ts'
import type { PublishedList } from '../network/published-list.ts'
import type { Effect } from './effect.ts'

export const followList: Effect<{ readonly list: PublishedList | undefined }> = {
  name: 'the list',
  where: 'everywhere',
  follow: async ({ incident: { subject } }, { list }) => {
    if (isLine(subject)) list?.refresh(subjectName(subject))
  },
}
