// What devices ask to find out whether they are in a walled garden: a fixed address over plain HTTP, of which they know the answer. Any other
// answer makes them show their sign-in sheet. One line for each maker.

/** The answer by which a device knows that nothing stands in its way. */
export type Probe =
  | { readonly status: 204 }
  | { readonly status: 200; readonly body: string; readonly type: string }

const NOTHING: Probe = { status: 204 }
const text = (body: string): Probe => ({ status: 200, body, type: 'text/plain' })
const page = (body: string): Probe => ({ status: 200, body, type: 'text/html' })
const APPLE = page('<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>')

/** By path; the hosts of one maker are many, and change. */
const BY_PATH: Readonly<Record<string, Probe>> = {
  // Android and ChromeOS.
  '/generate_204': NOTHING,
  '/gen_204': NOTHING,
  // Apple.
  '/hotspot-detect.html': APPLE,
  '/library/test/success.html': APPLE,
  // Windows 10 and later; before.
  '/connecttest.txt': text('Microsoft Connect Test'),
  '/ncsi.txt': text('Microsoft NCSI'),
  // Firefox.
  '/success.txt': text('success\n'),
  '/canonical.html': page(
    '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
  ),
  // NetworkManager.
  '/check_network_status.txt': text('NetworkManager is online\n'),
}

/** Of hosts that exist for nothing else, at any path. */
const BY_HOST: Readonly<Record<string, Probe>> = {
  'captive.apple.com': APPLE,
  'connectivity-check.ubuntu.com': NOTHING,
}

export function probeOf(host: string, path: string): Probe | undefined {
  if (Object.hasOwn(BY_PATH, path)) return BY_PATH[path]
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
  return Object.hasOwn(BY_HOST, name) ? BY_HOST[name] : undefined
}
