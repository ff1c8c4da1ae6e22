-- A whole read that lacks unusually much removes nothing before a person has said that it is right.
alter table sync_stream drop constraint sync_stream_asked_known,
  add constraint sync_stream_asked_known check (asked_mode in ('FULL', 'FULL_WITH_DELETES', 'INCREMENTAL', 'REPLAY'));
alter table sync_issue drop constraint sync_issue_reason_known,
  add constraint sync_issue_reason_known check (reason in ('MAPPING', 'REFUSED', 'MISSING_REFERENCE', 'CONFLICT', 'ERP_REFUSED', 'ERP_UNREACHABLE', 'UNUSUAL_DELETES'));
create unique index sync_issue_open_deletes on sync_issue (tenant_id, connection_id, stream_id) where lifecycle = 'OPEN' and reason = 'UNUSUAL_DELETES';
