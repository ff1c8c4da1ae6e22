// Invoices of an ERP as files: as the ERP itself prints them, for their readers only, and an error that says why when it doesn't. What no
// ERP prints is drawn here, and says that it is a copy.
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, it } from 'vitest';
import { startQuickBooksWorld } from '../support/quickbooks.ts';
import { bare, type Shown, withRows } from '../support/world.ts';
