// What may be ordered and asked, as JSON Schema for programs (OpenAPI 3.1 speaks its 2020-12).

import { z } from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

/** As the client says it; what only code can check is in its sentences, not here. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
