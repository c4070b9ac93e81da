/** Is a stored file one that a browser shows as a picture? Its name's end was given by its first bytes. */
export function isPicture(name: string): boolean {
  return /\.(?:jpg|png|webp|gif)$/.test(name)
}
