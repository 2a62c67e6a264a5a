-- The functions are given; from here on the writer makes nothing of its own.
REVOKE CREATE ON SCHEMA log, identity, access FROM cathlog_writer;
