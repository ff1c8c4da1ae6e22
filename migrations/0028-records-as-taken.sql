-- What a push compares with, where the record there was read since and not taken: it waits for another, or was refused.
alter table erp_record add column taken_raw text;
comment on column erp_record.taken_raw is 'As it was taken last, while what was read since waits for another record or is refused; null: raw is that';
