/** Files that people sent, each under a random name that only they are told. */
export interface KeptFiles {
  /**
   * Keeps a file and returns its name.
   * @throws AppError `upload-refused` for what its bytes do not allow, or cannot be read
   */
  save(bytes: Uint8Array): Promise<string>
  read(name: string): Promise<Uint8Array | null>
}
