// A page of the web, for checks: within a time, and of at most so many bytes.

/** ms */
const PATIENCE = 10_000
const LARGEST = 64 * 1024

/** Asks by POST where there is a body. Rejects when nothing answers, or too late, or with too much. */
export async function boundedFetch(
  url: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  const post = { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body }
  const answer = await fetch(url, {
    ...(body === undefined ? {} : post),
    signal: AbortSignal.timeout(PATIENCE),
  } as RequestInit)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > LARGEST) throw new Error(`more than ${LARGEST} bytes`)
    chunks.push(chunk)
  }
  return { status: answer.status, text: Buffer.concat(chunks).toString('utf8') }
}
