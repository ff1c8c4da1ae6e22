/** The orders of the demo that somebody has to look at: held for each reason there is, asked for, let go, on their way, begun. */
import { addDays, type PlainDate } from '../../kernel/date.ts';
import { type SeededRandomness, seededRandom } from '../../kernel/random.ts';
import { block, type Tight } from './credit.ts';
import { fated, type Fate, orderKey } from './orders.ts';
import type { Move } from './phases.ts';
import * as selling from './selling.ts';
import type { DemoOrder } from './selling.ts';
import { amountText, idKey } from './step.ts';
import type { Trader } from './trade.ts';

export interface Cases {
  /** Orders that fit the credit of their customers. */
  readonly orders: readonly DemoOrder[];
  /** Orders that don't. */
  readonly tight: readonly Tight[];
  readonly moves: readonly Move[];
}

/** Customers that ask for more than their limit at some time; they order nothing else. */
const LET_GO = [
  { number: 'C-1026', ago: 36 },
  { number: 'C-1011', ago: 17 },
];
const ASKED = 'C-1017';
const NOT_ASKED = 'C-1034';
const AT_RELEASE = 'C-1050';
const BLOCKED = 'C-1019';
export const SPECIAL: ReadonlySet<string> = new Set([...LET_GO.map((l) => l.number), ASKED, NOT_ASKED, AT_RELEASE, BLOCKED]);

interface Desk {
  readonly end: PlainDate;
  readonly random: SeededRandomness;
  ago(days: number): PlainDate;
  /** A new order of a customer's first account. */
  order(number: string, days: number, kind?: 'GOODS' | 'SERVICE'): DemoOrder;
}

function deskOf(end: PlainDate, traders: readonly Trader[]): Desk {
  const random = seededRandom('demo/cases');
  const ago = (days: number) => addDays(end, -days);
  let serial = 0;
  const order = (number: string, days: number, kind: 'GOODS' | 'SERVICE' = 'GOODS'): DemoOrder => {
    const trader = traders.find(({ customer }) => customer.number === number);
    if (!trader) throw new Error(`The demo has no customer ${number}`);
    serial += 1;
    const lines = selling.wishOf(trader, random, kind);
    return { key: orderKey(trader, `9${String(serial).padStart(2, '0')}`), trader, on: ago(days), lines };
  };
  return { end, random, ago, order };
}

const askRelease = ({ key }: DemoOrder, on: PlainDate, reason: string): Move => ({
  on,
  phase: 'askRelease',
  input: { makes: idKey('apr', key), of: (id) => ({ holdId: id('hld', `${key} CREDIT`), reason }) },
});

/** For the whole order as it is. */
const grantRelease = ({ key }: DemoOrder, on: PlainDate): Move => ({
  on,
  phase: 'grantRelease',
  input: {
    of: (id) => {
      const { minor, currency } = id.amountOf('apr', key);
      return { approvalId: id('apr', key), amount: { amount: amountText(minor, currency), currency }, reason: 'Agreed by phone' };
    },
  },
});

const hold = ({ key }: DemoOrder, on: PlainDate, more: { kind: 'MANUAL' | 'FRAUD'; stage: string; reason: string }): Move => ({
  on,
  phase: 'hold',
  input: { of: (id) => ({ orderId: id('ord', key), ...more }) },
});

/** Beyond the limit: let go earlier, asked for, not asked for, met when goods are released; and a customer that is blocked. */
function beyondCredit({ ago, order }: Desk): Omit<Cases, 'orders'> {
  const letGo = LET_GO.map(({ number, ago: days }) => {
    const made = order(number, days);
    const [asked, left] = [ago(days - 1), ago(days - 4)];
    const moves = [
      selling.enter(made, 'place'),
      askRelease(made, asked, 'A customer of twenty years; the plant stands still without it'),
      grantRelease(made, asked),
      selling.onOrder(made, asked, 'confirm'),
      ...selling.ship(made, { number: 1, on: left }),
      selling.bill(made, 1, left),
      selling.deliver(made, 1, ago(days - 7)),
    ];
    return { tight: { order: made, on: made.on }, moves };
  });
  const [asked, notAsked, atRelease, blocked] = [order(ASKED, 3), order(NOT_ASKED, 1), order(AT_RELEASE, 9), order(BLOCKED, 4)];
  return {
    tight: [
      ...letGo.map(({ tight }) => tight),
      { order: asked, on: asked.on },
      { order: notAsked, on: notAsked.on },
      { order: atRelease, on: ago(3) },
    ],
    moves: [
      ...letGo.flatMap(({ moves }) => moves),
      ...[asked, notAsked, atRelease, blocked].map((one) => selling.enter(one, 'place')),
      askRelease(asked, ago(2), 'Pays late, and has always paid'),
      ...selling.release(atRelease, { number: 1, on: ago(3) }),
      askRelease(atRelease, ago(2), 'The invoices of last quarter are paid this week'),
      block(BLOCKED, ago(25), 'Has paid nothing for four months'),
    ],
  };
}

/** Held by rules, for their reference and by hand; one of these was let go. */
function held({ ago, order, random }: Desk): Omit<Cases, 'tight'> {
  const [byHand, suspect, checked] = [order('C-1031', 2), order('C-1036', 2), order('C-1023', 30)];
  const [nameless, undated] = [order('C-1040', 1), order('C-1048', 5)];
  const usual = order('C-1028', 1);
  const cheap = { ...usual, lines: usual.lines.map((line) => ({ ...line, discountPercent: '25' })) };
  const first = fated(order('C-1012', 8), 'WHOLE', random);
  const twin = { ...first.order, on: ago(1), lines: first.order.lines };
  return {
    orders: [byHand, suspect, checked, nameless, undated, cheap, first.order, twin],
    moves: [
      selling.enter(byHand, 'draft'),
      selling.onOrder(byHand, byHand.on, 'submit'),
      hold(byHand, ago(1), { kind: 'MANUAL', stage: 'ORDER', reason: 'The delivery address is being checked.' }),
      selling.enter(suspect, 'place'),
      hold(suspect, suspect.on, { kind: 'FRAUD', stage: 'RELEASE', reason: 'Ordered from an address that nobody there knows.' }),
      selling.enter(checked, 'place'),
      hold(checked, checked.on, { kind: 'MANUAL', stage: 'RELEASE', reason: 'Export papers are missing.' }),
      {
        on: ago(28),
        phase: 'unhold',
        input: { of: (id) => ({ holdId: id('hld', `${checked.key} MANUAL`), reason: 'The papers are there.' }) },
      },
      ...selling.ship(checked, { number: 1, on: ago(27) }),
      selling.bill(checked, 1, ago(27)),
      selling.deliver(checked, 1, ago(23)),
      selling.enter(nameless, 'place', { customerReference: null }),
      selling.enter(undated, 'place', { requestedOn: null }),
      selling.enter(cheap, 'placeByHand'),
      ...first.moves,
      selling.enter(twin, 'place', { customerReference: twin.key.toLowerCase().replaceAll('-', ' ') }),
    ],
  };
}

/** Whatever the usual orders bring or not: one of each that is over, that is under way and that is begun. */
function underWay({ ago, order, random }: Desk): Omit<Cases, 'tight'> {
  const over: readonly (readonly [string, Fate])[] = [
    ['C-1014', 'WHOLE'],
    ['C-1028', 'SHORT'],
    ['C-1002', 'RETURNED'],
    ['C-1006', 'TWICE'],
    ['C-1031', 'CANCELLED'],
  ];
  const ended = over.map(([number, fate]) => fated(order(number, 45), fate, random));
  const services = fated(order('C-1059', 20, 'SERVICE'), 'WHOLE', random);
  const [moving, late, confirmed, packed, half] = [
    order('C-1002', 8),
    order('C-1006', 9),
    order('C-1002', 1),
    order('C-1043', 4),
    order('C-1006', 12),
  ];
  const parted = { ...half, lines: half.lines.map((line) => ({ ...line, quantity: line.quantity + 4 })) };
  const begun = [order('C-1002', 1), order('C-1006', 0), order('C-1057', 1), order('C-1060', 0)];
  const handedIn = [order('C-1024', 0), order('C-1053', 1)];
  return {
    orders: [...ended.map((e) => e.order), services.order, moving, late, confirmed, packed, parted, ...begun, ...handedIn],
    moves: [
      ...ended.flatMap((e) => e.moves),
      ...services.moves,
      ...[moving, late, confirmed, packed, parted].map((one) => selling.enter(one, 'place')),
      ...selling.ship(moving, { number: 1, on: ago(3) }),
      selling.bill(moving, 1, ago(3)),
      selling.track(moving, { number: 1, on: ago(2) }, { kind: 'IN_TRANSIT', location: 'Kassel', description: 'Parcel centre' }),
      selling.track(
        moving,
        { number: 1, on: ago(1) },
        { kind: 'OUT_FOR_DELIVERY', location: 'Aldenbach', description: 'In the van' },
      ),
      ...selling.ship(late, { number: 1, on: ago(4) }),
      selling.bill(late, 1, ago(4)),
      selling.track(late, { number: 1, on: ago(2) }, { kind: 'EXCEPTION', location: 'Denver', description: 'Held up by snow' }),
      ...selling.release(packed, { number: 1, on: ago(1) }),
      ...selling.ship(parted, { number: 1, on: ago(8), parts: [{ line: 1, quantity: 2 }] }),
      selling.bill(parted, 1, ago(8)),
      selling.deliver(parted, 1, ago(5)),
      ...[...begun, ...handedIn].map((one) => selling.enter(one, 'draft')),
      ...handedIn.map((one) => selling.onOrder(one, one.on, 'submit')),
    ],
  };
}

/** All of them, made from the last day back. */
export function casesOf(end: PlainDate, traders: readonly Trader[]): Cases {
  const desk = deskOf(end, traders);
  const [credit, holds, rest] = [beyondCredit(desk), held(desk), underWay(desk)];
  return {
    orders: [...holds.orders, ...rest.orders],
    tight: credit.tight,
    moves: [...credit.moves, ...holds.moves, ...rest.moves],
  };
}
