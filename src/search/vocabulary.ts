/** The port to the words and places that occur in the catalogue, for query analysis. */

export interface KnownWord {
  /** Folded, as it occurs in restaurants. */
  readonly word: string;
  readonly stem: string;
  /** Restaurants that have it: exact once pending changes have been counted. */
  readonly rows: number;
}

export interface KnownPlace {
  /** Folded words of one part of a location, separated by single spaces: `sao paulo`. */
  readonly name: string;
  /** The part as a restaurant has it: `São Paulo`. */
  readonly label: string;
  /** Number of restaurants there; counting stops at a limit of the engine, at least 100. */
  readonly rows: number;
}

/** Words and places are kept up to date with the texts. Every method can reject with a `StorageError`. */
export interface Vocabulary {
  /** The known words that are one of `words` or have one of `stems`, and how many restaurants there are. */
  lookUp(request: {
    readonly words: readonly string[];
    readonly stems: readonly string[];
  }): Promise<{ readonly known: readonly KnownWord[]; readonly totalRows: number }>;
  /** Known words with the same first letter and at most `maxDistance` letters more or fewer, the most frequent first. */
  listSimilar(word: string, maxDistance: number): Promise<readonly KnownWord[]>;
  /** The most frequent known words with this prefix. */
  listBeginning(prefix: string, limit: number): Promise<readonly KnownWord[]>;
  /** The places that have one of the `names`, or whose name begins with all the words of one of the `beginnings`. */
  findPlaces(request: {
    readonly names: readonly string[];
    readonly beginnings: readonly string[];
  }): Promise<{
    readonly places: readonly KnownPlace[];
    /** False while places of some restaurants are not known yet: a place that is not found may still exist. */
    readonly isComplete: boolean;
  }>;
}

/** Words of both languages, whether or not the catalogue has them. */
export interface Dictionary {
  /** Takes a folded word. */
  has(word: string): Promise<boolean>;
}
