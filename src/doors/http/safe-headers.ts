// The headers of every page that a browser of a stranger or of a customer shows: nothing is loaded, framed, kept, guessed at, or told to the next site.

import type { MiddlewareHandler } from 'hono'

/** `formAction`: where the forms of the pages may go, as in the CSP directive of that name. */
export function safeHeaders(formAction: "'self'" | "'none'"): MiddlewareHandler {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action ${formAction}; frame-ancestors 'none'`
  return async (context, next) => {
    context.header('Content-Security-Policy', policy)
    context.header('Cache-Control', 'no-store')
    context.header('Referrer-Policy', 'no-referrer')
    context.header('X-Content-Type-Options', 'nosniff')
    return next()
  }
}
