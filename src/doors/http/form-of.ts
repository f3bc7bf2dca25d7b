// The fields of a form that a client sends. What is no form is its mistake (400), not a trouble of ours: any stranger can send it.

import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCutOff } from './cut-off.ts'

export async function formOf(context: Context): Promise<Record<string, string | File>> {
  const form = await partsOf(context)
  const [twice] = Object.entries(form).find(([, value]) => Array.isArray(value)) ?? []
  if (twice === undefined) return form as Record<string, string | File>
  throw new HTTPException(400, {
    message: `The field ${twice.slice(0, 64)} stands twice in this form.`,
  })
}

/** What stands there twice, as a list. */
async function partsOf(context: Context): Promise<Record<string, unknown>> {
  try {
    return await context.req.parseBody({ all: true })
  } catch (error) {
    if (isCutOff(context)) throw error
    throw new HTTPException(400, { message: 'This form cannot be read.' })
  }
}
