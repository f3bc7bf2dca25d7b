// The parts of a multipart between its boundary lines (RFC 2046 §5.1). The preamble and the epilogue are not parts. For some readers a line that
// only begins like a boundary is one, or like the beginning of a long one; where there is such a line, all readings are given.

/** RFC 2046 §5.1.1 allows a boundary of 70; of a longer one the rest is compared where its beginning was found. */
const SOUGHT = 72
/** Dashes and letters; some readers cut a longer one off, and take every line that begins like what is left. */
const CUT = 2 + 80
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
  /** It begins with all of the boundary. */
  readonly whole: boolean
  /** And nothing but space stands behind that. */
  readonly exact: boolean
}

/** `boundary` has one character a byte, or is text. One reading, or more. */
export function splitParts(content: Buffer, boundary: string, most: number): readonly Split[] {
  const { lines, tooMany } = boundaryLines(content, boundary, 2 * most)
  const exact = lines.filter(line => line.exact)
  if (exact.length === lines.length) return [{ parts: partsBetween(content, exact), tooMany }]
  const whole = lines.filter(line => line.whole)
  const readings = [exact, whole, lines].filter(
    ({ length }, i, all) => length !== all[i - 1]?.length,
  )
  return readings.map(reading => ({ parts: partsBetween(content, reading), tooMany }))
}

/** What a boundary line begins with. */
export function markerOf(boundary: string): Buffer {
  const isBytes = /^[\0-\xff]*$/.test(boundary)
  return Buffer.from(`--${boundary}`, isBytes ? 'latin1' : 'utf8')
}

/** As much of that as all readers compare. */
export const comparedOf = (boundary: string): Buffer => markerOf(boundary).subarray(0, CUT)

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
  const rest = marker.subarray(SOUGHT, CUT)
  const behind = marker.subarray(CUT)
  const lines: BoundaryLine[] = []
  for (
    let at = content.indexOf(sought);
    at >= 0;
    at = content.indexOf(sought, at + sought.length)
  ) {
    if (at > 0 && content[at - 1] !== LF) continue
    const compared = at + sought.length + rest.length
    if (!rest.equals(content.subarray(at + sought.length, compared))) continue
    if (lines.length >= most) return { lines, tooMany: true }
    const end = compared + behind.length
    const isWhole = behind.equals(content.subarray(compared, end))
    lines.push(lineAt(content, at, isWhole ? end : compared, isWhole))
  }
  return { lines, tooMany: false }
}

/** `after`: where the boundary, or what is compared of it, ends. */
function lineAt(content: Buffer, at: number, after: number, whole: boolean): BoundaryLine {
  const closing = content[after] === DASH && content[after + 1] === DASH
  const newline = content.indexOf(LF, after)
  const end = newline < 0 ? content.length : newline
  let blank = closing ? after + 2 : after
  while (blank < end && isBlank(content[blank])) blank++
  return { at, next: newline < 0 ? end : end + 1, closing, whole, exact: whole && blank === end }
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB || byte === CR
