/** Credit accounts and profiles as rows: opened, limited, blocked. What they mean for an order stands in `credit.ts`. */
import type { DeepRow, Row } from '../model.ts';
import { type Context, textOf } from './context.ts';
import { notPossible, refuse, shown } from './refusals.ts';

const FOREVER = '9999-12-31';
const ACCOUNTS = 'CreditManagementAccount';
const PROFILES = 'CreditMgmtBusinessPartner';

export function createCreditData(context: Context, set: string, { row, children }: DeepRow): Row {
  const partner = textOf(row, 'BusinessPartner');
  if (context.store.get('A_BusinessPartner', { BusinessPartner: partner }) === undefined)
    throw refuse('UKM_BP/012', `Business partner ${shown(partner)} does not exist`, 'BusinessPartner');
  if (set === PROFILES) {
    const profile = addProfile(context, row);
    for (const child of children.to_CreditMgmtAccountTP ?? []) addAccount(context, { ...child.row, BusinessPartner: partner });
    return profile;
  }
  if (set !== ACCOUNTS) throw notPossible(set, 'POST');
  return addAccount(context, row);
}

function addProfile({ store }: Context, row: Row): Row {
  return store.add(PROFILES, { CreditRiskClass: 'B', CreditCheckRule: '01', ...row });
}

/** Its segment has the number of a company code, and that one's currency. */
function addAccount(context: Context, row: Row): Row {
  const { store } = context;
  const segment = textOf(row, 'CreditSegment');
  const { currency } = context.company(segment);
  const given = textOf(row, 'CreditSegmentCurrency');
  if (given !== '' && given !== currency)
    throw refuse('UKM_BP/020', `The currency of credit segment ${segment} is ${currency}`, 'CreditSegmentCurrency');
  if (store.get(ACCOUNTS, row) !== undefined)
    throw refuse('UKM_BP/021', `Credit segment ${segment} already exists for the business partner`, 'CreditSegment');
  if (store.get(PROFILES, row) === undefined) addProfile(context, { BusinessPartner: textOf(row, 'BusinessPartner') });
  return store.add(ACCOUNTS, {
    CreditLimitValidityEndDate: FOREVER,
    ...row,
    CreditSegmentCurrency: currency,
    CreditLimitLastChangeDate: store.moment.day,
  });
}

export function changeCreditData({ store }: Context, set: string, row: Row, changes: Row): Row {
  const isLimit = changes.CreditLimitAmount !== undefined || changes.CreditLimitIsZero !== undefined;
  return store.change(set, row, { ...changes, ...(isLimit ? { CreditLimitLastChangeDate: store.moment.day } : {}) });
}
