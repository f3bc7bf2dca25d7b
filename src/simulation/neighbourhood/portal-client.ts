// An owner with a browser: logs in to the portal with customer number and portal password, and presses buttons.

export type PortalVisit = {
  /** The page as text, after the last thing done. */
  page(): Promise<string>
  /** Presses the button of a form, by the hidden fields of that form. */
  order(fields: Readonly<Record<string, string>>): Promise<string>
}

/** Undefined when the portal does not let them in. */
export async function visitPortal(
  port: number,
  customer: string,
  password: string,
): Promise<PortalVisit | undefined> {
  const base = `http://127.0.0.1:${port}`
  const form = (fields: Readonly<Record<string, string>>) => ({
    method: 'POST',
    redirect: 'manual' as const,
    body: new URLSearchParams(fields),
  })
  const login = await fetch(`${base}/login`, form({ customer, password }))
  const cookie = login.headers.get('set-cookie')?.split(';')[0]
  if (login.status !== 303 || !cookie) return undefined
  const headers = { cookie }
  const page = async (path = '/') => (await fetch(`${base}${path}`, { headers })).text()
  return {
    page: () => page(),
    order: async fields => {
      const token = /name="token" value="([^"]+)"/.exec(await page())?.[1] ?? ''
      const answer = await fetch(`${base}/order`, { ...form({ ...fields, token }), headers })
      return page(answer.headers.get('location') ?? '/')
    },
  }
}
