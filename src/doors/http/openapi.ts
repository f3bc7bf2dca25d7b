// The API as a document for programs (OpenAPI 3.1), made from the lists that its routes are made from.

import { CONTRACTS } from '../../orders/contract/orders.ts'
import { jsonSchema, type JsonSchema } from '../../orders/json-schema.ts'
import { explainedStep, orderQuery, reloadAsked } from '../../orders/queries.ts'
import { ERROR_CODES } from './api-error.ts'
import { READS } from './reads.ts'

type Served = {
  readonly prefix: string
  /** Whether it takes orders: the control socket does. */
  readonly orders: boolean
}

const ERROR: JsonSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { enum: ERROR_CODES },
        message: { type: 'string' },
        field: { type: 'string' },
      },
    },
  },
}

const OUTCOME: JsonSchema = {
  type: 'object',
  required: ['done', 'text'],
  properties: {
    done: { const: true },
    text: { type: 'string' },
    secret: { type: 'string', description: 'told once' },
  },
}

const RELOADED: JsonSchema = {
  type: 'object',
  required: ['outcome', 'text'],
  properties: {
    outcome: { enum: ['done', 'unwritten', 'refused', 'bad-file'] },
    text: { type: 'string' },
  },
}

export function openApi({ prefix, orders }: Served): JsonSchema {
  const paths: Record<string, JsonSchema> = {}
  for (const { path, about, query } of READS)
    paths[prefix + path] = {
      get: {
        summary: about,
        parameters: [
          ...(path.includes('{id}') ? [{ name: 'id', in: 'path', ...TEXT, required: true }] : []),
          ...parametersOf(query.schema),
        ],
        responses: responses({}),
      },
    }
  if (orders) {
    paths[`${prefix}/explain`] = {
      post: posted('what each rule would say of a step', explainedStep.schema, {}),
    }
    paths[`${prefix}/reload`] = {
      post: {
        parameters: parametersOf(orderQuery.schema),
        ...posted('read the configuration again', reloadAsked.schema, RELOADED),
      },
    }
    for (const { kind, about, staffMay, fields } of CONTRACTS)
      if (staffMay)
        paths[`${prefix}/orders/${kind}`] = {
          post: {
            operationId: kind,
            parameters: parametersOf(orderQuery.schema),
            ...posted(about, jsonSchema(fields), { $ref: '#/components/schemas/Outcome' }),
          },
        }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Cordon', version: '1' },
    paths,
    components: { schemas: { Error: ERROR, Outcome: OUTCOME } },
  }
}

const TEXT = { schema: { type: 'string' } }

function parametersOf(schema: JsonSchema): readonly JsonSchema[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: one,
  }))
}

const content = (schema: JsonSchema) => ({ 'application/json': { schema } })

const responses = (schema: JsonSchema) => ({
  '200': { description: 'done', content: content(schema) },
  default: { description: 'not done', content: content({ $ref: '#/components/schemas/Error' }) },
})

const posted = (summary: string, body: JsonSchema, answer: JsonSchema) => ({
  summary,
  requestBody: { required: true, content: content(body) },
  responses: responses(answer),
})
