// What stands behind the question mark. Of a name that is there twice, which one counts would be the reader's choice: it is refused.

import type { Context } from 'hono'
import type { Query } from '../../orders/queries.ts'

export function queryOf<T>(context: Context, query: Query<T>): ReturnType<Query<T>['parse']> {
  const given = Object.entries(context.req.queries())
  const [twice] = given.find(([, values]) => values.length > 1) ?? []
  return twice === undefined
    ? query.parse(Object.fromEntries(given.map(([name, [value]]) => [name, value])))
    : {
        problem: {
          field: twice.slice(0, 100),
          message: 'It is given more than once. Write it once.',
        },
      }
}
