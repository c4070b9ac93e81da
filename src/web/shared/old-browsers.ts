/** What phones of 2018 lack and the pages use. */
function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  return this[index < 0 ? this.length + index : index]
}

for (const prototype of [Array.prototype, String.prototype]) {
  if (!('at' in prototype))
    Object.defineProperty(prototype, 'at', { value: at, writable: true, configurable: true })
}
