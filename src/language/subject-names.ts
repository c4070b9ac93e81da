import type { Subject, SubjectTree } from './subject-tree.ts'

/** Finds the subject that a city's own papers mean: by id, by the path of its names, or by a name that only one has; null when none fits. */
export function createSubjectFinder({ tops }: SubjectTree): (label: string) => Subject | null {
  const found = new Map<string, Subject | null>()
  const know = (name: string, subject: Subject) => {
    const known = found.get(name)
    // Of several with the same name the highest is meant; of several at one level none.
    if (known === undefined || (known && known.level > subject.level)) found.set(name, subject)
    else if (known?.level === subject.level && known !== subject) found.set(name, null)
  }
  const walk = (subject: Subject, path: string) => {
    const names = path ? `${path}/${subject.name}` : subject.name
    for (const name of [subject.id, names, subject.name]) know(name, subject)
    for (const child of subject.children) walk(child, names)
  }
  for (const top of tops) walk(top, '')
  return label => found.get(tidy(label)) ?? null
}

/** `城乡建设 > 市政设施` is a path, too. */
function tidy(label: string): string {
  return label.trim().replace(/\s*[/>＞→|、\\]\s*/gu, '/')
}
