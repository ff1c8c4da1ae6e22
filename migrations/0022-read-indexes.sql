-- Orders that pages are asked for and that no index had: without one, each page sorts everything that the tenant has.
create index invoice_by_total on invoice (tenant_id, total_minor, id);
