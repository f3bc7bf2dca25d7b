// Whether the user of the unit may read the configuration: asked by root, of a machine that has the user.

import { dirname } from 'node:path'
import { unreadable } from '../../setup/checks/key.ts'
import { cordonUser } from '../../setup/finders/cordon-user.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const readable: DoctorCheck = {
  what: 'rights of the configuration',
  look: async ({ file, machine }) => {
    const { facts } = await cordonUser.find(machine, {})
    if (facts.hasUser !== true) return []
    return unreadable([file], machine, path => `chgrp cordon ${dirname(path)} ${path}`)
  },
}
