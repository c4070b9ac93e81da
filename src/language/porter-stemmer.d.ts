/** `natural`'s root loads a database driver and WordNet; its stemmer alone has no types of its own. */
declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  const stemmer: { stem(word: string): string }
  export default stemmer
}
