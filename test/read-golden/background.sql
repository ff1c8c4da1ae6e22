select (select json_build_object('totalCount', (select count(*)
      from "price_list_item" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('id', 'pli_' || "t1"."id", 'minQuantity', trim_scale("t1"."min_quantity")::text, 'priceListId', 'pl_' || "t1"."price_list_id", 'productId', 'prd_' || "t1"."product_id", 'unitPrice', trim_scale("t1"."unit_price")::text, 'validFrom', "t1"."valid_from", 'validTo', "t1"."valid_to", 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."id", "t1"."min_quantity", "t1"."price_list_id", "t1"."product_id", "t1"."unit_price", "t1"."valid_from", "t1"."valid_to", "t1"."version", "t1"."valid_from" as "#1", "t1"."id" as "#2"
        from "price_list_item" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."valid_from" asc, "t1"."id" asc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"

select (select json_build_object('totalCount', (select count(*)
      from "reporting_login" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('droppedAt', to_char(("t1"."dropped_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'id', 'rpl_' || "t1"."id", 'name', "t1"."name", 'purpose', "t1"."purpose", 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" asc, "#2" asc) as "#"
      from (select "t1"."dropped_at", "t1"."id", "t1"."name", "t1"."purpose", "t1"."version", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "reporting_login" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" asc, "t1"."id" asc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"

select (select json_build_object('totalCount', (select count(*)
      from "sync_run" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('changedCount', "t1"."changed_count", 'connectionId', 'con_' || "t1"."connection_id", 'deletedCount', "t1"."deleted_count", 'endedAt', to_char(("t1"."ended_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'failure', "t1"."failure", 'id', 'srn_' || "t1"."id", 'ignoredCount', "t1"."ignored_count", 'mode', "t1"."mode", 'pageCount', "t1"."page_count", 'readCount', "t1"."read_count", 'refusedCount', "t1"."refused_count", 'startedAt', to_char(("t1"."started_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'state', "t1"."state", 'streamId', 'sst_' || "t1"."stream_id", 'totalCount', "t1"."total_count", 'unchangedCount', "t1"."unchanged_count", 'version', "t1"."version", 'waitingCount', "t1"."waiting_count") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."changed_count", "t1"."connection_id", "t1"."deleted_count", "t1"."ended_at", "t1"."failure", "t1"."id", "t1"."ignored_count", "t1"."mode", "t1"."page_count", "t1"."read_count", "t1"."refused_count", "t1"."started_at", "t1"."state", "t1"."stream_id", "t1"."total_count", "t1"."unchanged_count", "t1"."version", "t1"."waiting_count", "t1"."started_at" as "#1", "t1"."id" as "#2"
        from "sync_run" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."started_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"

select (select json_build_object('totalCount', (select count(*)
      from "sync_drift" "t1"
      where "t1"."tenant_id" = $1::uuid), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('accountId', 'acc_' || "t1"."account_id", 'cause', "t1"."cause", 'connectionId', 'con_' || "t1"."connection_id", 'currency', "t1"."currency", 'externalId', "t1"."external_id", 'id', 'drf_' || "t1"."id", 'kind', "t1"."kind", 'legalEntityId', 'le_' || "t1"."legal_entity_id", 'lifecycle', "t1"."lifecycle", 'ours', "t1"."ours", 'periodFrom', "t1"."period_from", 'periodTo', "t1"."period_to", 'resolvedAt', to_char(("t1"."resolved_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stream', "t1"."stream", 'theirs', "t1"."theirs", 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."account_id", "t1"."cause", "t1"."connection_id", "t1"."currency", "t1"."external_id", "t1"."id", "t1"."kind", "t1"."legal_entity_id", "t1"."lifecycle", "t1"."ours", "t1"."period_from", "t1"."period_to", "t1"."resolved_at", "t1"."stream", "t1"."theirs", "t1"."version", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "sync_drift" "t1"
        where "t1"."tenant_id" = $1::uuid
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"

select (select json_build_object('totalCount', (select count(*)
      from "export" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('begunAt', to_char(("t1"."begun_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'byteCount', ("t1"."byte_count")::text, 'endedAt', to_char(("t1"."ended_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'errorCode', "t1"."error_code", 'errorMessage', "t1"."error_message", 'expiresAt', to_char(("t1"."expires_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'fileName', "t1"."file_name", 'format', "t1"."format", 'id', 'exp_' || "t1"."id", 'lifecycle', "t1"."lifecycle", 'lineCount', "t1"."line_count", 'list', "t1"."list", 'operationName', "t1"."operation_name", 'position', "t1"."position"::text, 'query', "t1"."query", 'queuedAt', to_char(("t1"."queued_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'rowCount', "t1"."row_count", 'rowTotal', "t1"."row_total", 'runCount', "t1"."run_count", 'sha256', "t1"."sha256", 'startedById', 'act_' || "t1"."started_by_id", 'url', case when "t1"."lifecycle" = 'DONE' then '/exports/exp_' || "t1"."id" || '/' || "t1"."file_name" end, 'variables', "t1"."variables", 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."begun_at", "t1"."byte_count", "t1"."ended_at", "t1"."error_code", "t1"."error_message", "t1"."expires_at", "t1"."file_name", "t1"."format", "t1"."id", "t1"."lifecycle", "t1"."line_count", "t1"."list", "t1"."operation_name", "t1"."position", "t1"."query", "t1"."queued_at", "t1"."row_count", "t1"."row_total", "t1"."run_count", "t1"."sha256", "t1"."started_by_id", "t1"."variables", "t1"."version", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "export" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"
-- $2 "#10"

select (select json_build_object('totalCount', (select count(*)
      from "upload" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('columns', "t1"."columns", 'fileName', "t1"."file_name", 'format', "t1"."format", 'id', 'upl_' || "t1"."id", 'kind', "t1"."kind", 'lifecycle', "t1"."lifecycle", 'lineCount', "t1"."line_count", 'receivedAt', to_char(("t1"."received_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'sha256', "t1"."sha256", 'sizeBytes', ("t1"."size_bytes")::text, 'startedById', 'act_' || "t1"."started_by_id", 'url', case when "t1"."lifecycle" = 'WAITING' then '/uploads/upl_' || "t1"."id" end, 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."columns", "t1"."file_name", "t1"."format", "t1"."id", "t1"."kind", "t1"."lifecycle", "t1"."line_count", "t1"."received_at", "t1"."sha256", "t1"."size_bytes", "t1"."started_by_id", "t1"."version", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "upload" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"
-- $2 "#10"

select (select json_build_object('totalCount', (select count(*)
      from "import" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('begunAt', to_char(("t1"."begun_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'customersChangedCount', "t1"."customers_changed_count", 'endedAt', to_char(("t1"."ended_at") at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'errorCode', "t1"."error_code", 'errorMessage', "t1"."error_message", 'id', 'imp_' || "t1"."id", 'isDryRun', "t1"."is_dry_run", 'issuedDays', "t1"."issued_days", 'kind', "t1"."kind", 'legalEntityId', 'le_' || "t1"."legal_entity_id", 'lifecycle', "t1"."lifecycle", 'lineCount', "t1"."line_count", 'lineTotal', "t1"."line_total", 'mapping', "t1"."mapping", 'newCount', "t1"."new_count", 'refusedCount', "t1"."refused_count", 'reportCsvUrl', ('/imports/imp_' || "t1"."id" || '/refused.csv'), 'reportJsonlUrl', ('/imports/imp_' || "t1"."id" || '/refused.jsonl'), 'rowCount', "t1"."row_count", 'runCount', "t1"."run_count", 'startedById', 'act_' || "t1"."started_by_id", 'unchangedCount', "t1"."unchanged_count", 'uploadId', 'upl_' || "t1"."upload_id", 'version', "t1"."version") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."begun_at", "t1"."customers_changed_count", "t1"."ended_at", "t1"."error_code", "t1"."error_message", "t1"."id", "t1"."is_dry_run", "t1"."issued_days", "t1"."kind", "t1"."legal_entity_id", "t1"."lifecycle", "t1"."line_count", "t1"."line_total", "t1"."mapping", "t1"."new_count", "t1"."refused_count", "t1"."row_count", "t1"."run_count", "t1"."started_by_id", "t1"."unchanged_count", "t1"."upload_id", "t1"."version", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "import" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"
-- $2 "#10"

select (select json_build_object('totalCount', (select count(*)
      from "import_refusal" "t1"
      where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)), 'nodes', coalesce(json_agg("t2"."o1"
        order by "t2"."#" asc) , '[]'::json))
  from (select "t1"."#", json_build_object('code', "t1"."code", 'field', "t1"."field", 'id', 'irf_' || "t1"."id", 'line', "t1"."line", 'message', "t1"."message", 'text', "t1"."text") as "o1"
    from (select *, row_number() over (order by "#1" desc, "#2" desc) as "#"
      from (select "t1"."code", "t1"."field", "t1"."id", "t1"."line", "t1"."message", "t1"."text", "t1"."created_at" as "#1", "t1"."id" as "#2"
        from "import_refusal" "t1"
        where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid)
        order by "t1"."created_at" desc, "t1"."id" desc
        limit 2) "t1") "t1" ) "t2")::text as answer
-- $1 "#9"
-- $2 "#10"

select json_build_object('id', 'pli_' || "t1"."id")::text as answer, null as choice
from "price_list_item" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#9"
-- $2 "#11"

select json_build_object('id', 'rpl_' || "t1"."id")::text as answer, null as choice
from "reporting_login" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#9"
-- $2 "#11"

select json_build_object('id', 'srn_' || "t1"."id")::text as answer, null as choice
from "sync_run" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#9"
-- $2 "#11"

select json_build_object('id', 'drf_' || "t1"."id")::text as answer, null as choice
from "sync_drift" "t1"
where "t1"."tenant_id" = $1::uuid and "t1"."id" = $2::uuid
limit 10
-- $1 "#9"
-- $2 "#11"

select json_build_object('id', 'exp_' || "t1"."id")::text as answer, null as choice
from "export" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid) and "t1"."id" = $3::uuid
limit 10
-- $1 "#9"
-- $2 "#10"
-- $3 "#11"

select json_build_object('id', 'upl_' || "t1"."id")::text as answer, null as choice
from "upload" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid) and "t1"."id" = $3::uuid
limit 10
-- $1 "#9"
-- $2 "#10"
-- $3 "#11"

select json_build_object('id', 'imp_' || "t1"."id")::text as answer, null as choice
from "import" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid) and "t1"."id" = $3::uuid
limit 10
-- $1 "#9"
-- $2 "#10"
-- $3 "#11"

select json_build_object('id', 'irf_' || "t1"."id")::text as answer, null as choice
from "import_refusal" "t1"
where ("t1"."tenant_id" = $1::uuid and "t1"."started_by_id" = $2::uuid) and "t1"."id" = $3::uuid
limit 10
-- $1 "#9"
-- $2 "#10"
-- $3 "#11"

select d.coordinate, d.actor_id, a.name as actor_name, d.client, d.client_version, d.first_used_at, d.last_used_at, d.use_count::text
from deprecated_use d
left join actor a on a.tenant_id = d.tenant_id and a.id = d.actor_id
where d.tenant_id = $1 and d.last_used_at >= $2::timestamptz
order by d.last_used_at desc, d.coordinate, d.actor_id, d.client, d.client_version
limit $3
-- $1 "#9"
-- $2 "-infinity"
-- $3 100
