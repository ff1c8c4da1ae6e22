-- Leases of things that end (an upload) are forgotten a day after they ran out; nobody comes back so late with one.
grant delete on lease to cashgraph_system;
