/** What a connection to a folder of files is set up with. Which folders there are, the operator says; nobody else can reach another. */
import { z } from 'zod';

export const STREAM_NAMES = ['products', 'customers', 'invoices', 'credit-notes', 'payments'] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

export const settings = z.strictObject({
  folder: z
    .string()
    .regex(/^[\w-][\w. -]*(\/[\w-][\w. -]*)*$/, 'must be a folder below the root of files, such as acme/export')
    .max(200)
    .describe('Below the folder that the operator has set (CASHGRAPH_FILES_ROOT).'),
  delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('Between the columns of CSV files.'),
  columns: z
    .partialRecord(z.enum(STREAM_NAMES), z.record(z.string(), z.string().min(1)))
    .default({})
    .describe(
      'Columns that are called otherwise: for each file our name and theirs, such as {"invoices": {"number": "Invoice No."}}.',
    ),
  vanishedAreDeleted: z
    .boolean()
    .default(false)
    .describe('A row that was in the file before and is there no more was deleted; else it stays as it was.'),
});
export type Settings = z.output<typeof settings>;
