import { ref } from 'vue'
import { shrinkPhoto } from './shrink-photo.ts'
import { t } from './texts.ts'

// As the server's list. What an iPhone takes (HEIC) can be chosen and is made a JPEG here.
const SENDABLE = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'application/pdf', 'video/mp4']
/** For the `accept` of a file field. */
export const CHOOSABLE = [...SENDABLE, 'image/heic', 'image/heif'].join()
const MOST_FILES = 5
const LARGEST_FILE = 10 * 1024 * 1024

/** Files that a person puts to what they say, as many and as large as the server takes; photos are made small. */
export function chooseFiles(start: readonly File[] = []) {
  const files = ref<File[]>([...start])
  const problem = ref('')

  async function add(chosen: FileList | readonly File[] | null): Promise<void> {
    problem.value = ''
    for (const original of chosen ?? []) {
      const file = await shrinkPhoto(original)
      if (!SENDABLE.includes(file.type)) problem.value = t('web.chat.file-kind')
      else if (file.size > LARGEST_FILE) problem.value = t('web.chat.file-large', { name: file.name })
      else if (files.value.length >= MOST_FILES)
        problem.value = t('web.chat.file-many', { count: MOST_FILES })
      else files.value = [...files.value, file]
    }
  }

  return {
    files,
    problem,
    add,
    remove(index: number): void {
      files.value = files.value.filter((_, at) => at !== index)
    },
    clear(): void {
      files.value = []
      problem.value = ''
    },
  }
}
