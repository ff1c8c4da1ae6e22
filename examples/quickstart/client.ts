// What each quick start is given and what it gives back, and the line that runs one: `node examples/quickstart/fetch.ts URL TOKEN`.

export interface Server {
  /** Such as http://127.0.0.1:4000/graphql. */
  readonly url: string;
  /** A bearer token of whoever asks: its rows and permissions decide what comes back. */
  readonly token: string;
}

/** What each client's own types come down to. */
export interface Invoice {
  readonly number?: string | null | undefined;
  readonly dueOn?: string | null | undefined;
  readonly open: { readonly amount: string; readonly currency: string };
  readonly customer?: { readonly name: string } | null | undefined;
}

export interface NewCustomer {
  readonly customer?: { readonly id: string; readonly name: string; readonly version: number } | null | undefined;
  readonly userErrors: readonly { readonly code: string; readonly message: string; readonly path: readonly string[] }[];
}

export interface QuickStart {
  /** Every open invoice, page by page. */
  openInvoices(pageSize: number): Promise<readonly Invoice[]>;
  /** Makes a customer; a retry with the same key has no second effect. */
  newCustomer(input: { readonly number: string; readonly name: string }, idempotencyKey: string): Promise<NewCustomer>;
}

/** Prints what is open, when `file` is what was started. */
export async function startedAs(file: string, connect: (server: Server) => Pick<QuickStart, 'openInvoices'>): Promise<void> {
  const [, started, url, token] = process.argv;
  if (started !== file) return;
  if (url === undefined || token === undefined) throw new Error(`Start it with an address and a token: node ${file} URL TOKEN`);
  for (const { number, dueOn, customer, open } of await connect({ url, token }).openInvoices(100)) {
    process.stdout.write(`${number}  due ${dueOn}  ${open.amount} ${open.currency}  ${customer?.name}\n`);
  }
}
