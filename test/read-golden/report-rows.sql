with page as ( select "r"."id" as key, 'oi_' || "r"."id"::text as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", 'cus_' || "r"."customer_id"::text as "customerId", "r"."customer_number" as "customerNumber", "r"."customer_name" as "customerName", "r"."customer_country" as "customerCountry", "r"."customer_segment" as "customerSegment", 'acc_' || "r"."account_id"::text as "accountId", "r"."account_number" as "accountNumber", "r"."kind" as "kind", "r"."document_kind" as "documentKind", "r"."document_id" as "documentId", "r"."document_number" as "documentNumber", "r"."instalment" as "instalment", "r"."as_of"::text as "asOf", "r"."due_on"::text as "dueOn", "r"."days_overdue" as "daysOverdue", "r"."bucket" as "bucket", "r"."currency" as "currency", "r"."open"::text as "open", "r"."open_group"::text as "openInGroupCurrency", "r"."group_currency" as "groupCurrency"
  from "ageing_row"($1::timestamptz) r
  where "r"."tenant_id" = $2::uuid and "r"."tenant_id" = $3::uuid
  order by "r"."id"
  limit $4 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $5::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "2026-04-22T09:00:00.000Z"
-- $2 "#21"
-- $3 "#21"
-- $4 3
-- $5 "#21"

with page as ( select "r"."id" as key, "r"."id" as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", "r"."due_on"::text as "dueOn", "r"."is_overdue" as "isOverdue", "r"."currency" as "currency", "r"."amount"::text as "amount", "r"."amount_group"::text as "amountInGroupCurrency", "r"."group_currency" as "groupCurrency", "r"."item_count" as "itemCount"
  from "cash_forecast_by_due_date_row"($1::timestamptz) r
  where "r"."tenant_id" = $2::uuid
  order by "r"."id"
  limit $3 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $4::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "2026-04-22T09:00:00.000Z"
-- $2 "#21"
-- $3 3
-- $4 "#21"

with page as ( select "r"."id" as key, 'oi_' || "r"."id"::text as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", 'cus_' || "r"."customer_id"::text as "customerId", "r"."customer_number" as "customerNumber", "r"."customer_name" as "customerName", "r"."customer_country" as "customerCountry", "r"."customer_segment" as "customerSegment", 'acc_' || "r"."account_id"::text as "accountId", "r"."account_number" as "accountNumber", "r"."kind" as "kind", "r"."document_kind" as "documentKind", "r"."document_id" as "documentId", "r"."document_number" as "documentNumber", "r"."instalment" as "instalment", "r"."effective_on"::text as "effectiveOn", "r"."due_on"::text as "dueOn", "r"."settled_on"::text as "settledOn", "r"."currency" as "currency", "r"."original"::text as "original", "r"."original_group"::text as "originalInGroupCurrency", "r"."open"::text as "open", "r"."open_group"::text as "openInGroupCurrency", "r"."group_currency" as "groupCurrency", "r"."base_currency" as "baseCurrency", "r"."base_open"::text as "baseOpen"
  from "open_item_row" r
  where "r"."tenant_id" = $1::uuid and "r"."tenant_id" = $2::uuid
  order by "r"."id"
  limit $3 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $4::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "#21"
-- $2 "#21"
-- $3 3
-- $4 "#21"

with page as ( select "r"."id" as key, 'pay_' || "r"."id"::text as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", 'cus_' || "r"."customer_id"::text as "customerId", "r"."customer_number" as "customerNumber", "r"."customer_name" as "customerName", "r"."customer_country" as "customerCountry", "r"."customer_segment" as "customerSegment", 'acc_' || "r"."account_id"::text as "accountId", "r"."account_number" as "accountNumber", "r"."number" as "number", "r"."method" as "method", "r"."status" as "status", "r"."reference" as "reference", "r"."received_on"::text as "receivedOn", "r"."returned_on"::text as "returnedOn", "r"."currency" as "currency", "r"."amount"::text as "amount", "r"."amount_group"::text as "amountInGroupCurrency", "r"."unapplied"::text as "unapplied", "r"."unapplied_group"::text as "unappliedInGroupCurrency", "r"."group_currency" as "groupCurrency", "r"."base_currency" as "baseCurrency", "r"."base_amount"::text as "baseAmount"
  from "payment_row" r
  where "r"."tenant_id" = $1::uuid and "r"."tenant_id" = $2::uuid
  order by "r"."id"
  limit $3 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $4::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "#21"
-- $2 "#21"
-- $3 3
-- $4 "#21"

with page as ( select "r"."id" as key, "r"."id" as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", "r"."from_on"::text as "fromOn", "r"."to_on"::text as "toOn", "r"."days" as "days", "r"."currency" as "currency", "r"."opening"::text as "opening", "r"."sales"::text as "sales", "r"."credit_sales"::text as "creditSales", "r"."cash_received"::text as "cashReceived", "r"."closing"::text as "closing", "r"."owed"::text as "owed", "r"."overdue"::text as "overdue", "r"."overdue_share"::text as "overdueShare", "r"."dso"::text as "dso", "r"."best_possible_dso"::text as "bestPossibleDso", "r"."average_days_delinquent"::text as "averageDaysDelinquent", "r"."average_days_to_pay"::text as "averageDaysToPay"
  from "receivable_measures_row"($1::date, $2::date) r
  where "r"."tenant_id" = $3::uuid and "r"."tenant_id" = $4::uuid and "r"."tenant_id" = $5::uuid
  order by "r"."id"
  limit $6 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $7::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "2026-01-01"
-- $2 "2026-03-31"
-- $3 "#21"
-- $4 "#21"
-- $5 "#21"
-- $6 101
-- $7 "#21"

with page as ( select "r"."id" as key, 'je_' || "r"."id"::text as "id", 'le_' || "r"."legal_entity_id"::text as "legalEntityId", "r"."legal_entity_code" as "legalEntityCode", 'cus_' || "r"."customer_id"::text as "customerId", "r"."customer_number" as "customerNumber", "r"."customer_name" as "customerName", "r"."customer_country" as "customerCountry", "r"."customer_segment" as "customerSegment", 'acc_' || "r"."account_id"::text as "accountId", "r"."account_number" as "accountNumber", "r"."document_kind" as "documentKind", "r"."document_id" as "documentId", "r"."document_number" as "documentNumber", "r"."is_cash_sale" as "isCashSale", "r"."is_reversal" as "isReversal", "r"."effective_on"::text as "effectiveOn", to_char("r"."recorded_at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt", "r"."currency" as "currency", "r"."net"::text as "net", "r"."net_group"::text as "netInGroupCurrency", "r"."tax"::text as "tax", "r"."tax_group"::text as "taxInGroupCurrency", "r"."total"::text as "total", "r"."total_group"::text as "totalInGroupCurrency", "r"."group_currency" as "groupCurrency", "r"."base_currency" as "baseCurrency", "r"."base_net"::text as "baseNet", "r"."base_total"::text as "baseTotal"
  from "sales_row" r
  where "r"."tenant_id" = $1::uuid and "r"."tenant_id" = $2::uuid
  order by "r"."id"
  limit $3 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $4::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "#21"
-- $2 "#21"
-- $3 3
-- $4 "#21"

with page as ( select "r"."id" as key, 'sst_' || "r"."id"::text as "id", 'con_' || "r"."connection_id"::text as "connectionId", "r"."connection_code" as "connectionCode", "r"."connection_name" as "connectionName", "r"."connector" as "connector", "r"."lifecycle" as "lifecycle", "r"."health" as "health", "r"."stream" as "stream", "r"."record_kind" as "recordKind", "r"."is_enabled" as "isEnabled", to_char("r"."last_succeeded_at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastSucceededAt", "r"."lag_s" as "lagS", to_char("r"."last_changed_at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastChangedAt", "r"."failure" as "failure", to_char("r"."failing_since" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "failingSince", "r"."failure_count" as "failureCount", "r"."waiting_count" as "waitingCount", "r"."refused_count" as "refusedCount", "r"."open_issue_count" as "openIssueCount", "r"."open_drift_count" as "openDriftCount"
  from "sync_health_row" r
  where "r"."tenant_id" = $1::uuid and "r"."tenant_id" = $2::uuid
  order by "r"."id"
  limit $3 ) select coalesce((select c.position
    from event_chain c
    where c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid), 0)::text as position, coalesce((select a.position
    from event_anchor a
    where a.tenant_id = $4::uuid), 0)::text as floor, coalesce((select json_agg(p
      order by p.key)
    from page p), '[]') as rows
-- $1 "#21"
-- $2 "#21"
-- $3 3
-- $4 "#21"
