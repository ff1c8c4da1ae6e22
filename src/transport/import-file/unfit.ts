/** What is wrong with a file or a mapping as a whole: one sentence for a person, told before a line is read into the books. */

export class Unfit extends Error {
  constructor(
    message: string,
    /** What the sentence is about: the file, what was said of its columns, or a way of saying it that there isn't. */
    readonly of: 'FILE' | 'MAPPING' | 'USE' = 'FILE',
  ) {
    super(message);
  }
}
