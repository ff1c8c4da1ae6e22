/** When which transaction was touched, in the order of time: finds what may have changed since an instant without looking at all of them. */

const COMPACT_FROM = 50_000;

export class TouchLog {
  #secs: number[] = [];
  #ids: number[] = [];
  #distinct = 0;

  add(sec: number, id: number): void {
    let place = this.#secs.length;
    // a clock that was set back
    while (place > 0 && (this.#secs[place - 1] ?? 0) > sec) place -= 1;
    if (place === this.#secs.length) {
      this.#secs.push(sec);
      this.#ids.push(id);
    } else {
      this.#secs.splice(place, 0, sec);
      this.#ids.splice(place, 0, id);
    }
    if (this.#ids.length > COMPACT_FROM && this.#ids.length > 3 * this.#distinct) this.#compact();
  }

  /** Ascending ids, each once. */
  since(sec: number): number[] {
    let [from, to] = [0, this.#secs.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#secs[middle] ?? 0) < sec) from = middle + 1;
      else to = middle;
    }
    return [...new Set(this.#ids.slice(from))].sort((a, b) => a - b);
  }

  /** The last touch of each is all that a look since some instant needs. */
  #compact(): void {
    const last = new Map<number, number>();
    this.#ids.forEach((id, at) => last.set(id, at));
    this.#distinct = last.size;
    const kept = this.#ids.flatMap((id, at) => (last.get(id) === at ? [at] : []));
    this.#secs = kept.map((at) => this.#secs[at] ?? 0);
    this.#ids = kept.map((at) => this.#ids[at] ?? 0);
  }
}
