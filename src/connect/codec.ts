/**
 * A codec turns one value of an ERP into one of ours and back: `decode(encode(ours))` is ours again. What it does not know it refuses by
 * a `MappingError` that names the ERP's field; it never guesses and never drops a part.
 */
import type { Json } from '../canonical/canonical.ts';

/** Reads only. */
export interface Decoder<Ours> {
  /** `value` is there: neither null nor an empty text, unless `empty` is given. @throws MappingError */
  readonly decode: (value: unknown, field: string) => Ours;
  /** What null, an empty text or a missing field means. Absent: that there is no value. */
  readonly empty?: Ours;
}

export interface Codec<Ours> extends Decoder<Ours> {
  /** @throws MappingError where the ERP can't hold the value */
  readonly encode: (value: Ours, field: string) => Json;
}

/** The value that a codec gives and takes. @example type Day = ValueOf<typeof day> // string */
export type ValueOf<C extends Decoder<unknown>> = C extends Decoder<infer Ours> ? Ours : never;
