/** One object of an Active Directory as an export has it. */
export type AdObject = {
  /** Where it stands in the file, from 1. */
  readonly line: number
  readonly dn: string
  readonly kind: 'user' | 'group' | 'contact'
  /** By names in lower case; values as they stand, blanks at their ends too where the export keeps them. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

/** Something that Entra Connect, or what comes after it, would not take as it is. */
export type AdFinding = {
  /** A word for machines: `duplicate`, `format`, `character`, `length`, `blank`, `suffix`, `primary`, `mismatch`, `conflict`. */
  readonly code: string
  /** refused: the object, or this value, is not synchronised. changed: it is, with another value than is wanted. note: good to know. */
  readonly severity: 'refused' | 'changed' | 'note'
  readonly dn: string
  readonly kind: AdObject['kind']
  readonly attribute: string
  readonly value: string
  /** What is wrong, a sentence. */
  readonly says: string
  /** What to write instead; null where only a person can know. */
  readonly instead: string | null
}

/** The values of an attribute; [] where it has none. */
export function valuesOf(object: AdObject, attribute: string): readonly string[] {
  return object.attributes.get(attribute.toLowerCase()) ?? []
}

/** The first value; '' where there is none. */
export function valueOf(object: AdObject, attribute: string): string {
  return valuesOf(object, attribute)[0] ?? ''
}

/** A finding about one value of an object. */
export function finding(
  object: AdObject,
  attribute: string,
  value: string,
  what: Pick<AdFinding, 'code' | 'severity' | 'says'> & { readonly instead?: string | null },
): AdFinding {
  return { dn: object.dn, kind: object.kind, attribute, value, instead: null, ...what }
}
