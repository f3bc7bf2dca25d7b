// The parts of a multipart between its boundary lines (RFC 2046 §5.1). The preamble and the epilogue are not parts. For some readers a line that
// only begins like a boundary is one; where there is such a line, both readings are given.

/** RFC 2046 §5.1.1 allows a boundary of 70; of a longer one the rest is compared where its beginning was found. */
const SOUGHT = 72
const [LF, CR, SPACE, TAB, DASH] = [0x0a, 0x0d, 0x20, 0x09, 0x2d]

export type Split = {
  readonly parts: readonly Buffer[]
  /** There are more than `most` parts: the rest is not listed. */
  readonly tooMany: boolean
}

/** A boundary line from `at` up to `next`, where the part begins. */
type BoundaryLine = {
  readonly at: number
  readonly next: number
  readonly closing: boolean
  /** Nothing but space stands behind the boundary. */
  readonly exact: boolean
}

/** `boundary` has one character a byte, or is text. One reading, or two. */
export function splitParts(content: Buffer, boundary: string, most: number): readonly Split[] {
  const { lines, tooMany } = boundaryLines(content, boundary, 2 * most)
  const exact = lines.filter(line => line.exact)
  const isAlike = exact.length === lines.length || boundary === ''
  const readings = isAlike ? [exact] : [exact, lines]
  return readings.map(reading => ({ parts: partsBetween(content, reading), tooMany }))
}

/** What a boundary line begins with. */
export function markerOf(boundary: string): Buffer {
  const isBytes = /^[\0-\xff]*$/.test(boundary)
  return Buffer.from(`--${boundary}`, isBytes ? 'latin1' : 'utf8')
}

/** At the lines of all boundaries, as if they were of one multipart; also behind closing ones. */
export function splitAtAll(content: Buffer, boundaries: readonly string[], most: number): Split {
  const found = boundaries.map(boundary => boundaryLines(content, boundary, 2 * most))
  const lines = found.flatMap(one => one.lines).toSorted((a, b) => a.at - b.at)
  const open = lines.map(line => ({ ...line, closing: false }))
  return { parts: partsBetween(content, open), tooMany: found.some(one => one.tooMany) }
}

/** Text behind a closing boundary is a part again when a boundary stands before it: some readers do not stop there. */
function partsBetween(content: Buffer, lines: readonly BoundaryLine[]): readonly Buffer[] {
  return lines.flatMap(({ next, closing }, i) => {
    const end = lines[i + 1]?.at ?? content.length
    return closing || next >= end ? [] : [content.subarray(next, end)]
  })
}

function boundaryLines(
  content: Buffer,
  boundary: string,
  most: number,
): { readonly lines: readonly BoundaryLine[]; readonly tooMany: boolean } {
  const marker = markerOf(boundary)
  // A search for a long text takes squared time at worst.
  const sought = marker.subarray(0, SOUGHT)
  const rest = marker.subarray(SOUGHT)
  const lines: BoundaryLine[] = []
  for (
    let at = content.indexOf(sought);
    at >= 0;
    at = content.indexOf(sought, at + sought.length)
  ) {
    if (at > 0 && content[at - 1] !== LF) continue
    if (!rest.equals(content.subarray(at + SOUGHT, at + marker.length))) continue
    if (lines.length >= most) return { lines, tooMany: true }
    lines.push(lineAt(content, at, at + marker.length))
  }
  return { lines, tooMany: false }
}

function lineAt(content: Buffer, at: number, after: number): BoundaryLine {
  const closing = content[after] === DASH && content[after + 1] === DASH
  const newline = content.indexOf(LF, after)
  const end = newline < 0 ? content.length : newline
  let blank = closing ? after + 2 : after
  while (blank < end && isBlank(content[blank])) blank++
  return { at, next: newline < 0 ? end : end + 1, closing, exact: blank === end }
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB || byte === CR
