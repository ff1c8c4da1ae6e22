/** How alike two names of companies are: word by word, each counting by how rare it is among all customers. Pure. */

/** How much words tell, in bits: by how many customers have them in their name, of how many customers there are. */
export class Words {
  /** What a word tells that nobody else has. */
  readonly mostBits: number;
  private readonly known = new Map<string, number>();

  constructor(
    private readonly customerCount: number,
    private readonly counts: ReadonlyMap<string, number>,
  ) {
    this.mostBits = Math.log2(customerCount + BACKGROUND_COUNT);
  }

  tells(word: string): number {
    const known = this.known.get(word);
    if (known !== undefined) return known;
    const bits = Math.log2((this.customerCount + BACKGROUND_COUNT) / Math.max(1, (this.counts.get(word) ?? 0) - 1));
    this.known.set(word, bits);
    return bits;
  }
}

export interface Likeness {
  /** 0 to 1: how much of both names they have in common. */
  readonly likeness: number;
  /** 0 to 1: how much what they have in common says. The most common word of all says next to nothing. */
  readonly rarity: number;
}

/** Companies that are thought to be there beside the tenant's own, so that in a small tenant no word seems common or rare by chance. */
const BACKGROUND_COUNT = 1_000;
/** Shorter words differ by a letter without being the same word mistyped. */
const MISTYPED_MIN_CHARS = 4;
const MISTYPED_MIN_LIKENESS = 0.7;
/** "Werkzeug." for "Werkzeugbau": a word that is cut off. */
const CUT_MIN_CHARS = 3;
const CUT_LIKENESS = 0.8;

/** Inserted, left out, changed and swapped letters. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

function wordLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= CUT_MIN_CHARS && long.startsWith(short)) return CUT_LIKENESS;
  // far apart in length they can't come near enough
  if (short.length < MISTYPED_MIN_CHARS || short.length < long.length * MISTYPED_MIN_LIKENESS) return 0;
  // whoever mistypes a word begins it right, or gets at least the next letter right
  if (a[0] !== b[0] && a[1] !== b[1]) return 0;
  const likeness = 1 - distance(a, b) / long.length;
  return likeness >= MISTYPED_MIN_LIKENESS ? likeness : 0;
}

/** Each word with the one of the other name that it is most like, the surest pairs first, each once. */
function pairsOf(a: readonly string[], b: readonly string[]) {
  const all = a.flatMap((one, i) => b.map((other, j) => ({ one, other, i, j, likeness: wordLikeness(one, other) })));
  const [left, right] = [new Set<number>(), new Set<number>()];
  return all
    .filter((pair) => pair.likeness > 0)
    .sort((x, y) => y.likeness - x.likeness)
    .filter(({ i, j }) => {
      if (left.has(i) || right.has(j)) return false;
      left.add(i);
      right.add(j);
      return true;
    });
}

/** The weighted Dice coefficient of the two sets of words. */
export function nameLikeness(a: readonly string[], b: readonly string[], words: Words): Likeness {
  const weigh = (list: readonly string[]) => list.reduce((total, word) => total + words.tells(word), 0);
  const whole = weigh(a) + weigh(b);
  if (whole === 0) return { likeness: 0, rarity: 0 };
  const { mostBits: most } = words;
  // "Werkzeug Bau" is "Werkzeugbau"
  if (a.join('') === b.join('')) return { likeness: 1, rarity: Math.min(1, Math.max(weigh(a), weigh(b)) / most) };
  let common = 0;
  let told = 0;
  for (const { one, other, likeness } of pairsOf(a, b)) {
    common += likeness * (words.tells(one) + words.tells(other));
    told += likeness * Math.min(words.tells(one), words.tells(other));
  }
  return { likeness: common / whole, rarity: Math.min(1, told / most) };
}
