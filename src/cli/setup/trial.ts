// `cordon setup --trial`: a Cordon to look at, in this folder, by an ordinary user. Ports above 1024, nothing leaves the machine.

import type { SetupAnswers } from './questions.ts'

export const TRIAL_FILE = 'cordon.yaml'
export const TRIAL_DATA = './cordon-data'

export const TRIAL_ANSWERS: SetupAnswers = {
  hostname: 'mail.isp.example',
  domains: ['isp.example'],
  stands: 'server',
  operator: 'postmaster@isp.example',
  consumers: [],
}

export const trialConfig =
  (): string => `# Written by "cordon setup --trial": a Cordon to look at. All of it is on loopback, and no mail leaves this machine.
hostname: mail.isp.example
provider: Example Net
domains: [isp.example]
dataFolder: ${TRIAL_DATA}
holdDelivery: true
listeners:
  - { kind: submission, port: 2587 }
  - { kind: inbound, port: 2525 }
alarms: { mail: [postmaster@isp.example] }
subscribers:
  - id: "10017"
    contacts: [anna@isp.example]
    # printf %s 'the password' | cordon hash-password
    logins: [{ name: anna@isp.example }]
leases:
  - { prefix: 203.0.113.7, subscriber: "10017" }
`
