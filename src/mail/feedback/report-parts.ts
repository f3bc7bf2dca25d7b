// The parts of a report in order, decoded: as programs that send reports write them. Not for judging (mime/walk.ts reads a message in
// every way in which a mail program may read it); here one reading is enough, for what stands in it is only looked up.

import { parseHeader } from '../header.ts'
import { STORED } from '../header-end.ts'
import { splitParts } from '../mime/boundaries.ts'
import { mediaTypes } from '../mime/media-types.ts'
import { PARAMETER_STEPS, parameters } from '../mime/parameters.ts'
import { partFields } from '../mime/part-fields.ts'
import { DECODING_STEPS, decodeTransfer, transferEncodings } from '../mime/transfer-encoding.ts'
import type { ReadingBudget } from '../reading-budget.ts'

/** A report has three parts; one that a list or a scanner has wrapped has some more. */
const MAX_PARTS = 50
const MAX_DEPTH = 6
const PART_STEPS = 40

export type ReportPart = { readonly type: string; readonly bytes: Buffer }

export type ReportParts = {
  readonly parts: readonly ReportPart[]
  /** There is more than is read. */
  readonly tooMuch: boolean
}

/** `raw`: a whole message. Parts that hold a message are given as they are, not walked. */
export function reportParts(raw: Buffer, budget: ReadingBudget): ReportParts {
  const found: { parts: ReportPart[]; tooMuch: boolean } = { parts: [], tooMuch: false }
  read(raw, 0, 'text/plain', { found, budget })
  return found
}

type Walking = {
  readonly found: { parts: ReportPart[]; tooMuch: boolean }
  readonly budget: ReadingBudget
}

function read(raw: Buffer, depth: number, usual: string, reading: Walking): void {
  const { found, budget } = reading
  const header = parseHeader(raw, STORED)
  const fields = partFields(header.fields)
  const steps = PART_STEPS + header.body + fields.size * PARAMETER_STEPS
  if (depth > MAX_DEPTH || found.parts.length >= MAX_PARTS || !budget.take(steps)) {
    found.tooMuch = true
    return
  }
  const [type = usual] = mediaTypes(fields.types, usual)
  const content = raw.subarray(header.body)
  const [boundary] = type.startsWith('multipart/')
    ? parameters(fields.types, 'boundary', budget).values
    : []
  if (boundary === undefined) {
    const [encoding = 'none'] = transferEncodings(fields.encodings)
    const [bytes] = budget.take(content.length * DECODING_STEPS[encoding])
      ? decodeTransfer(content, encoding)
      : []
    if (bytes) found.parts.push({ type, bytes })
    else found.tooMuch = true
    return
  }
  const [split] = budget.take(content.length) ? splitParts(content, boundary, MAX_PARTS) : []
  if (!split || split.tooMany) found.tooMuch = true
  const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  for (const part of split?.parts ?? []) read(part, depth + 1, inner, reading)
}
