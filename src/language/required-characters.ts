/**
 * Which characters a text must hold for a regular expression to match: of each set at least one. Most expressions can be ruled out by
 * that, which is many times cheaper than trying them. What the reader below does not understand requires nothing.
 */
export function requiredCharacters(source: string): ReadonlySet<string>[] {
  return new SourceReader(source).alternatives()
}

type Requirement = ReadonlySet<string>[]

/** A class or a choice of more characters rules out next to nothing. */
const MOST_CHARACTERS = 60
const QUANTIFIER = /[?*+]\??|\{(\d+)(?:,\d*)?\}\??/y
const LOOK_AROUND = /\(\?<?[=!]/y
const GROUP = /\((?:\?:|\?<[^>=!]+>)?/y
const CLASS = /\[(\^?)((?:\\.|[^\]\\])*)\]/y
/** `\d`, `\p{L}`, a back-reference; an escaped sign stands for itself. */
const ESCAPE = /\\(?:[pP]\{[^}]*\}|u[\da-fA-F]{4}|(.))/suy

class SourceReader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  /** One of several must match, so of each its smallest set counts, and together they are one set. */
  alternatives(): Requirement {
    const all = [this.#sequence()]
    while (this.#source[this.#at] === '|') {
      this.#at++
      all.push(this.#sequence())
    }
    if (all.length === 1) return all[0]!
    const smallest = all.map(sets => sets.toSorted((a, b) => a.size - b.size)[0])
    if (smallest.includes(undefined)) return []
    return limited(new Set(smallest.flatMap(set => [...set!])))
  }

  #sequence(): Requirement {
    const sets: Requirement = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      const own = this.#atom()
      const quantifier = this.#take(QUANTIFIER)
      const isOptional = quantifier && (/^[?*]/.test(quantifier[0]) || quantifier[1] === '0')
      if (!isOptional) sets.push(...own)
    }
    return sets
  }

  #atom(): Requirement {
    if (this.#take(LOOK_AROUND)) {
      this.alternatives()
      this.#at++
      return []
    }
    if (this.#take(GROUP)) {
      const own = this.alternatives()
      this.#at++
      return own
    }
    const members = this.#take(CLASS)
    if (members) return members[1] === '' ? ofClass(members[2]!) : []
    const sign = this.#take(ESCAPE)
    if (sign) return sign[1] !== undefined && /[^\p{L}\d]/u.test(sign[1]) ? [new Set(sign[1])] : []
    const char = this.#source[this.#at++]!
    return '.^$'.includes(char) ? [] : [new Set(char)]
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)
    if (found) this.#at += found[0].length
    return found
  }
}

function ofClass(members: string): Requirement {
  return /\\|.-./su.test(members) ? [] : limited(new Set(members))
}

function limited(set: Set<string>): Requirement {
  return set.size > 0 && set.size <= MOST_CHARACTERS ? [set] : []
}
