// What the configuration may say of access routers.

import { z } from 'zod'
import { hostOrAddress, serverPort } from '../../../config/fields.ts'

export const accessRouterSchema = {
  accessRouters: z
    .array(
      z.strictObject({
        host: hostOrAddress.describe('Host name or address'),
        port: serverPort.describe('Port of its control connection'),
      }),
    )
    .default([])
    .describe(
      'Routers of `cordon lab` and the neighbourhood, which are told which line is closed, open or redirected',
    ),
}
