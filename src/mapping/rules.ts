/** What a destination accepts as the name of a folder. A part of `DestinationLimits`, repeated so that mapping stays pure. */
export type NameRules = {
  readonly separator: string
  /** Names that differ only by case or Unicode form are one folder. */
  readonly caseInsensitiveNames: boolean
  /** Blanks around names are cut off by the server. */
  readonly trimsNames: boolean
  /** Lower-case names that are refused at the top level or hold something else than mail. Empty: a plain mail server. */
  readonly reservedNames: ReadonlySet<string>
  /** UTF-16 units in one name; 32 at least. */
  readonly maxNameUnits: number
  /** Levels of a path; 1 at least. */
  readonly maxDepth: number
}

/** A short sentence for the preview: name and why. */
export type Reasons = string[]
