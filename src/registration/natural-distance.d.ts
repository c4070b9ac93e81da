/** `natural`'s root loads a database driver and WordNet; its distance alone has no types of its own. */
declare module 'natural/lib/natural/distance/levenshtein_distance.js' {
  const distances: { LevenshteinDistance(a: string, b: string): number }
  export default distances
}
