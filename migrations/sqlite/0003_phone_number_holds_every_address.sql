-- SQLite's columns have no width and compare byte for byte; only MySQL needs this step.
SELECT 1;
