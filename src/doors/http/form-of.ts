// The fields of a form that a client sends. What is no form is its mistake (400), not a trouble of ours: any stranger can send it.

import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCutOff } from './cut-off.ts'

/** One of its fields may stand there several times: all of its values, and the rest. */
export async function formOfMany(
  context: Context,
  many: string,
): Promise<{ readonly values: readonly string[]; readonly form: Record<string, string | File> }> {
  const { [many]: several, ...rest } = await partsOf(context)
  const values = [several].flat().filter(one => typeof one === 'string')
  return { values, form: onlyOnce(rest) }
}

export async function formOf(context: Context): Promise<Record<string, string | File>> {
  return onlyOnce(await partsOf(context))
}

function onlyOnce(form: Record<string, unknown>): Record<string, string | File> {
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
