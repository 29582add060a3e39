-- Where in flows that run others a person stands, and in which language. SQLite
-- runs each file in one transaction, so that a file killed midway has done nothing.
--
-- stack     JSON list, outermost first, of the flows that wait for `flow` to end:
--           {"flow", "step", "answers"}; NULL: `flow` is not run by another
-- language  the tag of the language that was chosen last; NULL: none ever was
ALTER TABLE user_sessions ADD COLUMN stack TEXT;
ALTER TABLE user_sessions ADD COLUMN language TEXT;
