// What a provider ships in its customers' modems, said once: every format is rendered from this. Pure.

export const PROFILES = ['consumer', 'expert'] as const
export type ProfileName = (typeof PROFILES)[number]

export type CpeSettings = {
  /** Devices: inside and outside. */
  readonly lan: string
  readonly wan: string
  /** The inside network whose IPv4 addresses are translated. */
  readonly lanPrefix4: string
  /** The provider's own mail servers: their port 25 stays open. */
  readonly servers: readonly string[]
}

export type CpeProfile = {
  /** Inside IPv4 addresses become the modem's own. */
  readonly nat: boolean
  /** No connection from outside is let in, except to ports that were opened on purpose. */
  readonly inboundClosed: boolean
  /** Closed on the way out, but to the provider's servers. */
  readonly mailPort: number | undefined
  /** Closed both ways: nothing of these is meant to leave a home, or to enter one. */
  readonly wormPorts: readonly string[]
  /** Ports that programs inside may open by themselves (UPnP, PCP); none without. */
  readonly openable: readonly [number, number] | undefined
}

/**
 * NetBIOS and file sharing (135-139, 445), telnet and what cameras and modems have of it (23, 2323, 7547), remote desktops (3389), and
 * debugging bridges of televisions (5555): what worms of the last twenty years came by.
 */
const WORM_PORTS = ['23', '135-139', '445', '2323', '3389', '5555', '7547']

export const CPE: Readonly<Record<ProfileName, CpeProfile>> = {
  consumer: {
    nat: true,
    inboundClosed: true,
    mailPort: 25,
    wormPorts: WORM_PORTS,
    // Not mail, nor anything else that servers of the Internet live on.
    openable: [1024, 65_535],
  },
  // RFC 6092 REC-49: there must be an easy way to let everything through.
  expert: {
    nat: false,
    inboundClosed: false,
    mailPort: undefined,
    wormPorts: [],
    openable: undefined,
  },
}

export const MARK = 'Made by `cordon cpe render`. Do not edit: render it anew.'

const isSix = (address: string) => address.includes(':')
export const serversOf = ({ servers }: CpeSettings, family: 4 | 6): readonly string[] =>
  servers.filter(one => isSix(one) === (family === 6))
