-- SQLite keeps all text as UTF-8; only MySQL needs this step.
SELECT 1;
