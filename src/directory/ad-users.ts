import { valueOf, valuesOf, type AdObject } from './ad-object.ts'
import { primaryOf, smtpOf } from './address-rules.ts'

/** The users of an export as their synchronisation looks for them in the cloud. */
export function usersIn(objects: readonly AdObject[]): readonly {
  readonly name: string
  readonly userPrincipalName: string | null
  readonly primaryAddress: string | null
  readonly addresses: readonly string[]
  readonly immutableId: string | null
}[] {
  return objects
    .filter(({ kind }) => kind === 'user')
    .map((object) => {
      const primary = primaryOf(object)
      const upn = valueOf(object, 'userPrincipalName').trim()
      const addresses = valuesOf(object, 'proxyAddresses').flatMap((entry) => smtpOf(entry) ?? [])
      // Entra Connect: the anchor is the first of these that has a value.
      const anchor = valueOf(object, 'mS-DS-ConsistencyGuid') || valueOf(object, 'objectGUID')
      return {
        name: upn === '' ? object.dn : upn,
        userPrincipalName: upn === '' ? null : upn,
        primaryAddress: primary === '' ? null : primary,
        addresses: addresses.filter((address) => address.toLowerCase() !== primary.toLowerCase()),
        immutableId: anchor === '' ? null : anchor,
      }
    })
}
