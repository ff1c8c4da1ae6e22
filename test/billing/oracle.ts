// What an order, its invoices and credit notes must come to, worked out apart from the code under test: fractions of whole numbers,
// rounded half away from zero. Quantities and prices are millionths, percentages ten-thousandths.

export interface LineFacts {
  readonly quantity: bigint;
  readonly price: bigint;
  readonly discount: bigint;
  readonly category: string;
  readonly rate: bigint;
  readonly isGoods: boolean;
}

export interface LineModel extends LineFacts {
  cancelled: bigint;
  shipped: bigint;
  returned: bigint;
  billed: bigint;
  credited: bigint;
  billedNet: bigint;
}

export interface BillLine {
  readonly line: LineModel;
  readonly quantity: bigint;
  readonly net: bigint;
  credited: bigint;
}

export interface Group {
  readonly category: string;
  readonly rate: bigint;
  net: bigint;
  tax: bigint;
}

export interface BillModel {
  readonly lines: BillLine[];
  readonly groups: Group[];
  /** What credit notes left of each group. */
  readonly left: Group[];
}

export interface Sums {
  readonly net: bigint;
  readonly tax: bigint;
  readonly total: bigint;
}

const MILLION = 1_000_000n;
const least = (...values: bigint[]) => values.reduce((a, b) => (b < a ? b : a));
const most = (...values: bigint[]) => values.reduce((a, b) => (b > a ? b : a));
const add = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);

/** A fraction that is not below zero, to the nearest whole number, a half upwards. */
const nearest = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

export const sumsOf = (groups: readonly Group[]): Sums => {
  const [net, tax] = [add(groups.map((g) => g.net)), add(groups.map((g) => g.tax))];
  return { net, tax, total: net + tax };
};

export class OrderModel {
  readonly lines: LineModel[];
  readonly bills: BillModel[] = [];
  readonly notes: Sums[] = [];
  isCompleted = false;
  private readonly unit: bigint;

  constructor(
    lines: readonly LineFacts[],
    readonly isBilledOnShipment: boolean,
    decimals: number,
  ) {
    this.unit = 10n ** BigInt(decimals);
    this.lines = lines.map((line) => ({
      ...line,
      cancelled: 0n,
      shipped: 0n,
      returned: 0n,
      billed: 0n,
      credited: 0n,
      billedNet: 0n,
    }));
  }

  /** Price less discount, for a quantity. */
  private net(line: LineFacts, quantity: bigint): bigint {
    return nearest(quantity * line.price * (MILLION - line.discount) * this.unit, MILLION ** 3n);
  }

  wanted = (line: LineModel): bigint => line.quantity - line.cancelled;

  /** Goods of orders that are billed on shipment owe what was kept; all else owes what is ordered. */
  billable(line: LineModel): bigint {
    if (this.isBilledOnShipment && line.isGoods) return most(0n, line.shipped - line.returned - (line.billed - line.credited));
    return this.wanted(line) - line.billed;
  }

  creditable(line: LineModel): bigint {
    const owed = this.isBilledOnShipment && line.isGoods ? line.shipped : this.wanted(line);
    return most(0n, line.billed - line.credited - (owed - line.returned));
  }

  bill(parts: readonly { line: LineModel; quantity: bigint }[]): BillModel {
    const lines = parts.map(({ line, quantity }): BillLine => {
      const net = this.net(line, line.billed + quantity) - line.billedNet;
      line.billed += quantity;
      line.billedNet += net;
      return { line, quantity, net, credited: 0n };
    });
    const groups = this.grouped(lines.map(({ line, net }) => ({ ...line, net })));
    const made = { lines, groups, left: groups.map((g) => ({ ...g })) };
    this.bills.push(made);
    return made;
  }

  private grouped(parts: readonly { category: string; rate: bigint; net: bigint }[]): Group[] {
    const groups: Group[] = [];
    for (const { category, rate, net } of parts) {
      const group = groups.find((g) => g.category === category && g.rate === rate);
      if (group) group.net += net;
      else groups.push({ category, rate, net, tax: 0n });
    }
    for (const group of groups) group.tax = nearest(group.net * group.rate, MILLION);
    return groups;
  }

  /** The notes that a return gives, in the order of their making: on the newest bill first. */
  creditReturn(parts: readonly { line: LineModel; quantity: bigint }[]): Sums[] {
    const rests = new Map(parts.map(({ line, quantity }) => [line, quantity]));
    return this.bills.toReversed().flatMap((bill) => {
      const room = bill.left.map((g) => g.net);
      const nets = bill.left.map(() => 0n);
      const taken: { part: BillLine; quantity: bigint }[] = [];
      for (const part of parts.flatMap(({ line }) => bill.lines.filter((l) => l.line === line))) {
        const quantity = least(rests.get(part.line) ?? 0n, part.quantity - part.credited);
        if (quantity === 0n) continue;
        rests.set(part.line, (rests.get(part.line) ?? 0n) - quantity);
        const upTo = (credited: bigint) => nearest(part.net * credited, part.quantity);
        const i = bill.left.findIndex((g) => g.category === part.line.category && g.rate === part.line.rate);
        const net = least(upTo(part.credited + quantity) - upTo(part.credited), room[i] ?? 0n);
        room[i] = (room[i] ?? 0n) - net;
        nets[i] = (nets[i] ?? 0n) + net;
        taken.push({ part, quantity });
      }
      if (nets.every((net) => net === 0n)) return [];
      for (const { part, quantity } of taken) {
        part.credited += quantity;
        part.line.credited += quantity;
      }
      return [this.note(bill, nets)];
    });
  }

  /** A note of these nets, one per group of the bill. What takes the last net of a group takes the rest of its tax. */
  note(bill: BillModel, nets: readonly bigint[]): Sums {
    const groups = bill.left.map((group, i): Group => {
      const net = nets[i] ?? 0n;
      const tax = net === 0n ? 0n : net === group.net ? group.tax : least(nearest(net * group.rate, MILLION), group.tax);
      group.net -= net;
      group.tax -= tax;
      return { ...group, net, tax };
    });
    const sums = sumsOf(groups);
    this.notes.push(sums);
    return sums;
  }

  settle(): void {
    const wanted = this.lines.filter((line) => this.wanted(line) > 0n);
    const isDone = (line: LineModel) => line.billed >= this.wanted(line) && (!line.isGoods || line.shipped >= this.wanted(line));
    this.isCompleted ||= wanted.length > 0 && wanted.every(isDone);
  }

  netOf = (line: LineModel): bigint => (this.isCompleted ? line.billedNet : this.net(line, this.wanted(line)));

  /** What the order must say. */
  amounts() {
    const rest = this.grouped(this.lines.map((line) => ({ ...line, net: this.netOf(line) - line.billedNet })));
    const billed = add(this.bills.map((b) => sumsOf(b.groups).total));
    const unbilled = sumsOf(rest).total;
    const net = add(this.lines.map(this.netOf));
    return {
      net,
      billed,
      unbilled,
      total: billed + unbilled,
      tax: billed + unbilled - net,
      credited: add(this.notes.map((n) => n.total)),
    };
  }
}
