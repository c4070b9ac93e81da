/**
 * Photos that a person chose and that are not sent yet, in IndexedDB: unlike localStorage it takes files. It never throws;
 * without it (private windows, full disks) photos do not survive a reload, and nothing else is lost.
 */
const DATABASE = 'yihao'
const FILES = 'files'

/** Keeps files under a key instead of those before; none forgets it. */
export async function keepFiles(key: string, files: readonly File[]): Promise<void> {
  if (files.length === 0) await inStore('readwrite', store => store.delete(key))
  else await inStore('readwrite', store => store.put([...files], key))
}

export async function recallFiles(key: string): Promise<File[]> {
  return (await inStore<File[] | undefined>('readonly', store => store.get(key))) ?? []
}

/** Nothing of anybody's photos stays on this device. */
export async function forgetAllFiles(): Promise<void> {
  await inStore('readwrite', store => store.clear())
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T> | IDBRequest,
): Promise<T | undefined> {
  try {
    const database = await open()
    try {
      return await settled(work(database.transaction(FILES, mode).objectStore(FILES)) as IDBRequest<T>)
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(FILES)
  return settled(opening)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
