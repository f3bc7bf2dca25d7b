// A winmail.dat in a message: each file in it is a part, and its texts are read.

import { mediaTypes } from './media-types.ts'
import { type Container, UNTYPED } from './inside.ts'
import { textOfRtf, unpackedRtf } from './rtf.ts'
import { isTnef, readTnef, type Take } from './tnef.ts'
import { addNames, addText, type At, mayTake, MAX_TEXT, unread } from './walked.ts'

export const WINMAIL: Container = {
  holds: ({ bytes }) => isTnef(bytes),
  read({ bytes, cut }, at) {
    const take: Take = steps => mayTake(steps, at)
    const { files, names, texts, rtf, whole } = readTnef(bytes, take)
    addNames(names, at)
    if (!whole && !cut) unread('archive', at)
    for (const text of texts) addText(text, at)
    for (const packed of rtf) addRtf(packed, { at, take, cut })
    return files.map(file => ({
      names: file.names.length > 0 ? file.names : [''],
      types: mediaTypes(
        file.types.map(value => ({ value })),
        UNTYPED,
      ),
      bytes: file.bytes,
      cut: cut && file.short,
    }))
  },
}

type RtfReading = { readonly at: At; readonly take: Take; readonly cut: boolean }

function addRtf(packed: Buffer, { at, take, cut }: RtfReading): void {
  const { text, fault } = unpackedRtf(packed, MAX_TEXT, take)
  if (fault === 'large') unread('large', at)
  else if (fault === 'damaged' && !cut) unread('archive', at)
  addText(textOfRtf(text), at)
}
