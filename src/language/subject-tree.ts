import type { SubjectFile } from './schemas.ts'

/** A subject class of any level, with its full id (`top/second/third`). */
export interface Subject {
  id: string
  /** 1 top, 2 second, 3 leaf. */
  level: 1 | 2 | 3
  name: string
  en: string
  about?: string
  words: string[]
  /** Empty above the leaves. */
  examples: string[]
  english: string[]
  /** Id of the top-level subject that statistics count it under; mostly its own. */
  countedUnder: string
  parent?: Subject
  children: Subject[]
}

/** The subjects of a line, three levels, looked up by full id. */
export interface SubjectTree {
  tops: Subject[]
  leaves: Subject[]
  byId(id: string): Subject | undefined
  /** The subject itself, its parent and so on up to the top; empty when the id is unknown. */
  ancestors(id: string): Subject[]
}

type Node = {
  id: string
  name: string
  en: string
  about?: string | undefined
  countedUnder?: string | undefined
  words: string[]
  examples?: string[]
  english?: string[]
  classes?: Node[]
}

/** Builds the tree out of the subject files, in the order given. */
export function buildSubjectTree(files: readonly SubjectFile[]): SubjectTree {
  const all = new Map<string, Subject>()
  const tops = files.map(file => grow(file, undefined, all))
  return {
    tops,
    leaves: [...all.values()].filter(subject => subject.level === 3),
    byId: id => all.get(id),
    ancestors: id => lineage(all.get(id)),
  }
}

function grow(node: Node, parent: Subject | undefined, all: Map<string, Subject>): Subject {
  const subject: Subject = {
    id: parent ? `${parent.id}/${node.id}` : node.id,
    level: (parent ? parent.level + 1 : 1) as Subject['level'],
    name: node.name,
    en: node.en,
    ...(node.about ? { about: node.about } : {}),
    words: node.words,
    examples: node.examples ?? [],
    english: node.english ?? [],
    countedUnder: node.countedUnder ?? parent?.countedUnder ?? node.id,
    ...(parent ? { parent } : {}),
    children: [],
  }
  all.set(subject.id, subject)
  subject.children = (node.classes ?? []).map(child => grow(child, subject, all))
  return subject
}

function lineage(subject: Subject | undefined): Subject[] {
  const line: Subject[] = []
  for (let at = subject; at; at = at.parent) line.push(at)
  return line
}

/** The id of the level-`level` ancestor inside a full id: `topOf('a/b/c')` is `a`. */
export function idAtLevel(id: string, level: 1 | 2 | 3): string {
  return id.split('/').slice(0, level).join('/')
}
