// The fields of a form that a client sends. What is no form is its mistake (400), not a trouble of ours: any stranger can send it.

import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCutOff } from './cut-off.ts'

export async function formOf(context: Context): Promise<Record<string, string | File>> {
  try {
    return await context.req.parseBody()
  } catch (error) {
    if (isCutOff(context)) throw error
    throw new HTTPException(400, { message: 'This form cannot be read.' })
  }
}
